"""What is noted besides calls and gathered by the year: training occasions, gaps and good examples."""
