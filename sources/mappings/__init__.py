"""What the columns of a file mean: mappings that creators save or that come with the product, and reading by them."""
