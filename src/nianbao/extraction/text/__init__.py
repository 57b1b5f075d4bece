"""Raw text → clean text with a map back: letters, furniture, lines and paragraphs."""
