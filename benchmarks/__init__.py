"""How long things take, as ratios to something measured in the same run."""
