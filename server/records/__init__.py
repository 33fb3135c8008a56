"""Records: accepting them from phones, listing them, and the facts that totals count."""
