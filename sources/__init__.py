"""Own data in: doors that read other systems' data as facts, and one landing that writes them."""
