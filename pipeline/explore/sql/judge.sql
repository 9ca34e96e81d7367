-- judge: a reader's judgement on one claim goes into the corpus, unless the text of its post is another by now.
insert or replace into {table}
select {columns} from post where post_id = $post_id and text_sha256 = $text_hash and status = 'live';
