"""A sample office that tells a whole story: every name, number and firm in it is invented."""
