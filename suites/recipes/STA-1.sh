$start && $ask
