"""What consecutive reports of one issuer say alike: copied text, commitments followed up, problems that come back.

Pure: strings in, spans and scores out; the same strings give the same result, always. `words.yml` is part of the code.
"""
