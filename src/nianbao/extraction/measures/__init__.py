"""What each figure counts."""
