"""What is no number: references, shortcomings, commitments."""
