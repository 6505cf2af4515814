-- An event whose transaction ran long could be left without a number, and nobody who follows the log saw it. Those that
-- were get theirs now, behind all others.
with missed as (
    select e.position, row_number() over (order by e.position) as n from events e, sequencer s
    where e.position <= s.low and not exists (select from feed f where f.position = e.position)
), put as (
    insert into feed (seq, position) select s.last_seq + m.n, m.position from missed m, sequencer s
)
update sequencer set last_seq = last_seq + (select count(*) from missed);
