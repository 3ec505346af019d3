"""Videos: the library, one video, and its playback."""
