drop table follow_up_links, follow_ups, follow_up_waves;
