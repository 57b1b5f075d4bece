"""Numbers with a unit: read, judged, linked with one another, placed in time."""
