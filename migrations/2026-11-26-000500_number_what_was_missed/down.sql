select 'a number is not taken back';
