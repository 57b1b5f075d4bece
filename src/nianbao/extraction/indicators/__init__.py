"""Which canonical indicator a figure is a value of."""
