"""Where and how one applies for datasets: routes, what their systems tell, baskets and application packs."""
