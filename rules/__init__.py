"""The ground floor: plain rules that every other folder may use; imports nothing of ours."""
