$script start && $script force-reload && $script restart && $script stop
