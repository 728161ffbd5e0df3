"""Values in, papers and workbooks out. Nothing here knows Qt or the office file."""
