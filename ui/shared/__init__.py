"""The small pieces that several pages share."""
