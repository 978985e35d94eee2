env -i PATH=$PATH $start && sleep 1 && $ask
