"""What a report says about itself: kind, year, issuer, region, dates."""
