"""What the figures mean and what to do about it: facts in, ranked findings out, for every page, file and email."""
