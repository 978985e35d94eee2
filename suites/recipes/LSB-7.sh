env -i $script start && $ask && env -i $script stop
apt-get remove $name; $script start; echo "status $?"   # 0 or 5
