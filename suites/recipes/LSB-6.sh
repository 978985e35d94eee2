$script stop; $script restart && $ask
$script restart && $ask && $script force-reload && $ask
