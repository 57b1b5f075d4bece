"""Files as office programs write them: old Word, WPS, OFD, spreadsheets, scans. Byte-equal from run to run."""
