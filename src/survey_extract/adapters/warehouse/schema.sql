-- The tables and views of survey.duckdb. Built whole by build.py from the archive, never changed afterwards.
-- The line of braces stands for one line a column of a field (field_sql.py), whose views follow at the end. No foreign keys: DuckDB's hinder updates, and nothing updates here.

CREATE SCHEMA internal;

CREATE TABLE sources (
  position INTEGER NOT NULL, key VARCHAR PRIMARY KEY, kind VARCHAR NOT NULL, source VARCHAR NOT NULL, pinned_version INTEGER,
  name VARCHAR NOT NULL, url VARCHAR, title VARCHAR, authors VARCHAR[], published_on DATE, updated_on DATE, version VARCHAR,
  document VARCHAR, line INTEGER NOT NULL, extra MAP(VARCHAR, VARCHAR), published BOOLEAN NOT NULL, unpublished VARCHAR, notice VARCHAR, looked_at TIMESTAMPTZ,
  failing_since TIMESTAMPTZ, file_authors VARCHAR[], file_date VARCHAR, file_doi VARCHAR);
COMMENT ON TABLE sources IS 'A row per line of sources.csv, in its order';
COMMENT ON COLUMN sources.position IS 'Order in sources.csv, from 1';
COMMENT ON COLUMN sources.key IS 'Name of the source in the archive, from its identity: arxiv-2304.08485';
COMMENT ON COLUMN sources.kind IS 'arxiv, web or file';
COMMENT ON COLUMN sources.source IS 'arXiv id, URL, or path inside the survey';
COMMENT ON COLUMN sources.pinned_version IS 'arXiv version asked for in sources.csv; NULL follows the latest';
COMMENT ON COLUMN sources.name IS 'Display name; where sources.csv has none, the title, else the identity';
COMMENT ON COLUMN sources.url IS 'Link for people';
COMMENT ON COLUMN sources.title IS 'Title from metadata or from the document itself, never from a model';
COMMENT ON COLUMN sources.authors IS 'Authors as arXiv lists them';
COMMENT ON COLUMN sources.published_on IS 'Day of the first version';
COMMENT ON COLUMN sources.updated_on IS 'Day of the version that was read';
COMMENT ON COLUMN sources.version IS 'arXiv version of the latest document';
COMMENT ON COLUMN sources.document IS 'SHA-256 of the latest document; see documents';
COMMENT ON COLUMN sources.line IS 'Line in sources.csv';
COMMENT ON COLUMN sources.extra IS 'Optional columns of sources.csv';
COMMENT ON COLUMN sources.published IS 'Whether the row is shown: see the setting publish';
COMMENT ON COLUMN sources.unpublished IS 'Why the row is not shown; NULL when it is';
COMMENT ON COLUMN sources.notice IS 'arXiv''s own word that the paper is withdrawn or replaced by another';
COMMENT ON COLUMN sources.looked_at IS 'Start of the last run that could look at it: how old its data may be';
COMMENT ON COLUMN sources.failing_since IS 'Start of the first run since then in which it failed; NULL when it does not fail';
COMMENT ON COLUMN sources.file_authors IS 'Authors as the metadata inside the file or page state them, not checked; NULL where they state none, or something that can be no name';
COMMENT ON COLUMN sources.file_date IS 'Day, month or year as they state it, of a file often that on which it was saved; not checked';
COMMENT ON COLUMN sources.file_doi IS 'DOI as they state it; not checked';

CREATE TABLE documents (
  key VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, size BIGINT NOT NULL, media_type VARCHAR NOT NULL, url VARCHAR NOT NULL,
  link VARCHAR NOT NULL, version VARCHAR, title VARCHAR, etag VARCHAR, last_modified VARCHAR, fetched_at TIMESTAMPTZ NOT NULL,
  latest BOOLEAN NOT NULL, cached BOOLEAN NOT NULL, table_rows INTEGER, table_rows_unread INTEGER);
COMMENT ON TABLE documents IS 'A row per fetch that returned bytes: what was read, from where, when';
COMMENT ON COLUMN documents.key IS 'Source';
COMMENT ON COLUMN documents.sha256 IS 'Hash of the bytes';
COMMENT ON COLUMN documents.size IS 'Bytes';
COMMENT ON COLUMN documents.media_type IS 'As found in the bytes';
COMMENT ON COLUMN documents.url IS 'Where the bytes came from';
COMMENT ON COLUMN documents.link IS 'Link for people';
COMMENT ON COLUMN documents.version IS 'arXiv version';
COMMENT ON COLUMN documents.title IS 'Title from metadata';
COMMENT ON COLUMN documents.etag IS 'Validator for the next conditional request';
COMMENT ON COLUMN documents.last_modified IS 'Validator for the next conditional request';
COMMENT ON COLUMN documents.fetched_at IS 'When';
COMMENT ON COLUMN documents.latest IS 'Whether it is the newest of its source';
COMMENT ON COLUMN documents.cached IS 'Whether its text is in the cache, so that quotes can be shown';
COMMENT ON COLUMN documents.table_rows IS 'Rows of its tables that may be evidence; NULL for all but the newest document, and where its text is not in the cache or an older reader made it';
COMMENT ON COLUMN documents.table_rows_unread IS 'Rows of its tables that were counted and not read: their columns, headers or labels could be read in two ways';

CREATE TABLE sentences (
  document VARCHAR NOT NULL, number INTEGER NOT NULL, page INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
  kind VARCHAR NOT NULL, section VARCHAR NOT NULL, text VARCHAR NOT NULL);
COMMENT ON TABLE sentences IS 'The sentences of every latest document in the cache, in reading order';
COMMENT ON COLUMN sentences.document IS 'SHA-256 of the document';
COMMENT ON COLUMN sentences.number IS 'From 1; engines name sentences by it';
COMMENT ON COLUMN sentences.page IS 'From 1; the page on which the sentence begins';
COMMENT ON COLUMN sentences.start IS 'First character in the text of its page, from 0; of a row, counted on from the end of that';
COMMENT ON COLUMN sentences.end IS 'Just after its last character';
COMMENT ON COLUMN sentences.kind IS 'body, caption, note and row (of a table, made of its cells) may be evidence; heading, reference, debris, inset, formula and front may not';
COMMENT ON COLUMN sentences.section IS 'Title of its section';
COMMENT ON COLUMN sentences.text IS 'Its words';

CREATE TABLE table_cells (
  key VARCHAR NOT NULL, document VARCHAR NOT NULL, page INTEGER NOT NULL, label VARCHAR NOT NULL, caption VARCHAR NOT NULL, sentence INTEGER NOT NULL,
  row_group VARCHAR, row_label VARCHAR NOT NULL, position INTEGER NOT NULL, header VARCHAR NOT NULL, value VARCHAR NOT NULL, number DOUBLE);
COMMENT ON TABLE table_cells IS 'The values in the tables of every latest document in the cache, as far as rows were read for certain; see documents.table_rows_unread';
COMMENT ON COLUMN table_cells.key IS 'Source';
COMMENT ON COLUMN table_cells.document IS 'SHA-256 of the document';
COMMENT ON COLUMN table_cells.page IS 'From 1';
COMMENT ON COLUMN table_cells.label IS 'What the table is called: Table 4';
COMMENT ON COLUMN table_cells.caption IS 'Its whole caption';
COMMENT ON COLUMN table_cells.sentence IS 'Number of the sentence that its row is; see sentences';
COMMENT ON COLUMN table_cells.row_group IS 'Heading of several rows, over the row';
COMMENT ON COLUMN table_cells.row_label IS 'What the row is called';
COMMENT ON COLUMN table_cells.position IS 'Order in its row, from 1; blank cells are left out';
COMMENT ON COLUMN table_cells.header IS 'Path of the headers over the value, the widest first: VQA > test-dev; empty for a part of the label';
COMMENT ON COLUMN table_cells.value IS 'As printed';
COMMENT ON COLUMN table_cells.number IS 'The value as a number, with its scale ("4M"); NULL where it is not one number';

CREATE TABLE answers (
  id INTEGER PRIMARY KEY, key VARCHAR NOT NULL, field VARCHAR NOT NULL, engine VARCHAR NOT NULL, model VARCHAR,
  document VARCHAR NOT NULL, version VARCHAR, value VARCHAR, "values" VARCHAR[], quoted BOOLEAN NOT NULL, value_sha256 VARCHAR NOT NULL,
  check_state VARCHAR, terms STRUCT(text VARCHAR, place VARCHAR)[], unresolved VARCHAR[], omitted INTEGER NOT NULL,
  fingerprint VARCHAR NOT NULL, text_sha256 VARCHAR NOT NULL, reader VARCHAR NOT NULL, reply VARCHAR, run VARCHAR NOT NULL,
  answered_at TIMESTAMPTZ NOT NULL, latest BOOLEAN NOT NULL, carried BOOLEAN NOT NULL, answered_by VARCHAR);
COMMENT ON TABLE answers IS 'Every answer an engine ever gave';
COMMENT ON COLUMN answers.id IS 'Number within this file; evidence refers to it';
COMMENT ON COLUMN answers.key IS 'Source';
COMMENT ON COLUMN answers.field IS 'Field';
COMMENT ON COLUMN answers.engine IS 'extractive: taken from sentences of the source, without a model; openai: a model';
COMMENT ON COLUMN answers.model IS 'Model that was asked';
COMMENT ON COLUMN answers.document IS 'SHA-256 of the document that was read';
COMMENT ON COLUMN answers.version IS 'arXiv version that was read';
COMMENT ON COLUMN answers.value IS 'What it says; NULL is "not reported" (of the engine extractive: no answer), or a quote whose document is not in the cache';
COMMENT ON COLUMN answers.values IS 'The names of a list field';
COMMENT ON COLUMN answers.quoted IS 'Whether the value is its evidence, word for word';
COMMENT ON COLUMN answers.value_sha256 IS 'What a decision is bound to';
COMMENT ON COLUMN answers.check_state IS 'Worst place of its terms: in evidence, under another header (of a row that is evidence), not compared (its unit or its name is in other words there), elsewhere, said otherwise (by its evidence), nowhere; NULL when it has none';
COMMENT ON COLUMN answers.terms IS 'Figures and names of the value, and where each was found';
COMMENT ON COLUMN answers.unresolved IS 'Sentence numbers, as the engine wrote them, that exist nowhere or may not be cited';
COMMENT ON COLUMN answers.omitted IS 'Sentences that did not fit in the question';
COMMENT ON COLUMN answers.fingerprint IS 'Hash of everything the answer depends on';
COMMENT ON COLUMN answers.text_sha256 IS 'Hash of the text that was read';
COMMENT ON COLUMN answers.reader IS 'What read the document';
COMMENT ON COLUMN answers.reply IS 'Hash of the stored reply; NULL for an engine without a model';
COMMENT ON COLUMN answers.run IS 'Run that asked';
COMMENT ON COLUMN answers.answered_at IS 'When';
COMMENT ON COLUMN answers.latest IS 'Whether it is the one that counts in its cell';
COMMENT ON COLUMN answers.carried IS 'Whether it was given about an earlier version whose evidence is in this one, too';
COMMENT ON COLUMN answers.answered_by IS 'Model that the reply itself names; a person or another system, when questions went out as a file';

CREATE TABLE evidence (
  answer INTEGER NOT NULL, key VARCHAR NOT NULL, field VARCHAR NOT NULL, position INTEGER NOT NULL, page INTEGER NOT NULL,
  "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, sha256 VARCHAR NOT NULL, sentence INTEGER, quote VARCHAR, whereabouts VARCHAR NOT NULL, sight VARCHAR);
COMMENT ON TABLE evidence IS 'The sentences that support each answer';
COMMENT ON COLUMN evidence.answer IS 'answers.id';
COMMENT ON COLUMN evidence.key IS 'Source';
COMMENT ON COLUMN evidence.field IS 'Field';
COMMENT ON COLUMN evidence.position IS 'Order given by the engine, from 1';
COMMENT ON COLUMN evidence.page IS 'Page on which it begins';
COMMENT ON COLUMN evidence.start IS 'First character in the text of its page, from 0';
COMMENT ON COLUMN evidence.end IS 'Just after its last character';
COMMENT ON COLUMN evidence.sha256 IS 'Hash of its words: a quote is shown only when they still agree';
COMMENT ON COLUMN evidence.sentence IS 'Number of the sentence; NULL when it is not found';
COMMENT ON COLUMN evidence.quote IS 'Its words, cut from the document in the cache; NULL when it is not there';
COMMENT ON COLUMN evidence.whereabouts IS 'found, moved (other place, same words), missing, or uncached (the document is not in the cache)';
COMMENT ON COLUMN evidence.sight IS 'What a person finds at its place on the page as drawn: seen, empty, differs, scan (a picture, not compared), or undrawn (the page could not be drawn); NULL: nobody looked yet';

CREATE TABLE decisions (
  key VARCHAR NOT NULL, field VARCHAR NOT NULL, verdict VARCHAR NOT NULL, value VARCHAR, judged_sha256 VARCHAR, decided_by VARCHAR NOT NULL,
  decided_at TIMESTAMPTZ NOT NULL, reason VARCHAR, standing BOOLEAN NOT NULL, conflict BOOLEAN NOT NULL, undone BOOLEAN NOT NULL,
  unfound VARCHAR[] NOT NULL, blind BOOLEAN NOT NULL);
COMMENT ON TABLE decisions IS 'Every verdict a person ever gave';
COMMENT ON COLUMN decisions.key IS 'Source';
COMMENT ON COLUMN decisions.field IS 'Field';
COMMENT ON COLUMN decisions.verdict IS 'On a proposal: accepted, edited, not_reported, or rejected (the current value stays). On the current value: removed. Of lists: imported, or suggested (by a newer list). pointed says at which sentence a value stands that a newer reader reads otherwise; the decision on the value stays. undone takes one back';
COMMENT ON COLUMN decisions.value IS 'The value it decided on';
COMMENT ON COLUMN decisions.judged_sha256 IS 'Hash of the value that was judged';
COMMENT ON COLUMN decisions.decided_by IS 'Who';
COMMENT ON COLUMN decisions.decided_at IS 'When';
COMMENT ON COLUMN decisions.reason IS 'Why, when given';
COMMENT ON COLUMN decisions.standing IS 'Whether it is the one that counts in its cell';
COMMENT ON COLUMN decisions.undone IS 'Whether it was taken back';
COMMENT ON COLUMN decisions.unfound IS 'Figures and names that the source does not contain by our check, and that this person vouches for';
COMMENT ON COLUMN decisions.blind IS 'Whether the person had seen neither a proposal nor what anybody else decided: such a decision replaces no other';
COMMENT ON COLUMN decisions.conflict IS 'Whether it overrules another person''s decision, or is overruled by one, and that person has not decided since';

CREATE TABLE opinions (
  key VARCHAR NOT NULL, field VARCHAR NOT NULL, kind VARCHAR NOT NULL, finding VARCHAR NOT NULL, engine VARCHAR NOT NULL, model VARCHAR,
  answered_by VARCHAR, value VARCHAR, not_carried VARCHAR, note VARCHAR, about_sha256 VARCHAR NOT NULL, document VARCHAR NOT NULL,
  evidence_count INTEGER NOT NULL, reply VARCHAR, run VARCHAR, given_at TIMESTAMPTZ NOT NULL, fingerprint VARCHAR NOT NULL, current BOOLEAN NOT NULL);
COMMENT ON TABLE opinions IS 'Every second opinion on an answer, by another engine or model than gave it';
COMMENT ON COLUMN opinions.key IS 'Source';
COMMENT ON COLUMN opinions.field IS 'Field';
COMMENT ON COLUMN opinions.kind IS 'second: its own answer to the same question; judge: its word on whether the evidence supports the value';
COMMENT ON COLUMN opinions.finding IS 'A second opinion agrees or differs, by the field''s judge; a judge says yes, partly or no, or its reply is unparsable';
COMMENT ON COLUMN opinions.engine IS 'Engine';
COMMENT ON COLUMN opinions.model IS 'Model that was asked';
COMMENT ON COLUMN opinions.answered_by IS 'Model that the reply itself names';
COMMENT ON COLUMN opinions.value IS 'Its own answer; NULL is "not reported", a quote whose document is not in the cache, or a judge''s';
COMMENT ON COLUMN opinions.not_carried IS 'The words of the value that the evidence does not support, as a judge says';
COMMENT ON COLUMN opinions.note IS 'Why a judge''s reply could not be used';
COMMENT ON COLUMN opinions.about_sha256 IS 'answers.value_sha256 of the value that it is about';
COMMENT ON COLUMN opinions.document IS 'SHA-256 of the document';
COMMENT ON COLUMN opinions.evidence_count IS 'Sentences that its own answer cites, or that a judge was shown';
COMMENT ON COLUMN opinions.reply IS 'Hash of the stored reply; NULL for an engine without a model';
COMMENT ON COLUMN opinions.run IS 'Run that asked; NULL for evaluate --judge';
COMMENT ON COLUMN opinions.given_at IS 'When';
COMMENT ON COLUMN opinions.fingerprint IS 'Hash of everything it depends on';
COMMENT ON COLUMN opinions.current IS 'Whether it is about what is proposed now, and the last of its kind';

CREATE TABLE track_records (
  field VARCHAR PRIMARY KEY, "right" INTEGER NOT NULL, decided INTEGER NOT NULL, low DOUBLE NOT NULL, high DOUBLE NOT NULL, orders BOOLEAN NOT NULL);
COMMENT ON TABLE track_records IS 'How often each field''s answers were right, in the eyes of those who decided on them';
COMMENT ON COLUMN track_records.field IS 'Field';
COMMENT ON COLUMN track_records.right IS 'Decided cells whose answer was left as it was';
COMMENT ON COLUMN track_records.decided IS 'Decided cells that had an answer';
COMMENT ON COLUMN track_records.low IS 'Lower end of the 95 % interval (Wilson) of the share, between 0 and 1';
COMMENT ON COLUMN track_records.high IS 'Its upper end';
COMMENT ON COLUMN track_records.orders IS 'Whether there are enough decided cells for the queue to go by them';

CREATE TABLE runs (
  id VARCHAR PRIMARY KEY, started_at TIMESTAMPTZ NOT NULL, seconds DOUBLE NOT NULL, tool_version VARCHAR NOT NULL, engine VARCHAR NOT NULL,
  model VARCHAR, due INTEGER NOT NULL, complete BOOLEAN NOT NULL, requests INTEGER NOT NULL, documents_fetched INTEGER NOT NULL,
  bytes_fetched BIGINT NOT NULL, model_requests INTEGER NOT NULL, whole BOOLEAN NOT NULL, outage BOOLEAN NOT NULL, cost DOUBLE, notes VARCHAR[]);
COMMENT ON TABLE runs IS 'A row per refresh';
COMMENT ON COLUMN runs.id IS 'Its file in warehouse/runs';
COMMENT ON COLUMN runs.started_at IS 'When';
COMMENT ON COLUMN runs.seconds IS 'How long it took';
COMMENT ON COLUMN runs.tool_version IS 'Version of survey-extract';
COMMENT ON COLUMN runs.engine IS 'Engine it asked';
COMMENT ON COLUMN runs.model IS 'Model it asked';
COMMENT ON COLUMN runs.due IS 'Sources it was to look at';
COMMENT ON COLUMN runs.complete IS 'Whether each of them has its one outcome; not so when it was interrupted, or is under way';
COMMENT ON COLUMN runs.requests IS 'Requests for metadata, pages and documents';
COMMENT ON COLUMN runs.documents_fetched IS 'Documents whose bytes arrived';
COMMENT ON COLUMN runs.bytes_fetched IS 'Bytes of documents and pages';
COMMENT ON COLUMN runs.model_requests IS 'Requests sent to a model';
COMMENT ON COLUMN runs.whole IS 'Whether all sources were due, not some by name';
COMMENT ON COLUMN runs.outage IS 'Whether so many sources failed that nothing new was published';
COMMENT ON COLUMN runs.cost IS 'USD, of the replies whose tokens and price are known; NULL when no reply was paid for or none is known';
COMMENT ON COLUMN runs.notes IS 'What the operator should know of the run itself';

CREATE TABLE replies (
  run VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, key VARCHAR NOT NULL, engine VARCHAR NOT NULL, model VARCHAR NOT NULL, fields VARCHAR[] NOT NULL,
  outcome VARCHAR NOT NULL, prompt_tokens BIGINT, cached_tokens BIGINT, completion_tokens BIGINT, reasoning_tokens BIGINT,
  reused BOOLEAN NOT NULL, replied_at TIMESTAMPTZ NOT NULL, cost DOUBLE, answered_by VARCHAR, seconds DOUBLE);
COMMENT ON TABLE replies IS 'Every reply of a model, as booked; its words are in the cache only';
COMMENT ON COLUMN replies.run IS 'runs.id; of a reply that no run asked for (fields --propose), its time in that form';
COMMENT ON COLUMN replies.sha256 IS 'Hash of the request, by which the reply is stored';
COMMENT ON COLUMN replies.key IS 'Source';
COMMENT ON COLUMN replies.engine IS 'Engine';
COMMENT ON COLUMN replies.model IS 'Model that was asked';
COMMENT ON COLUMN replies.fields IS 'Fields the question was about';
COMMENT ON COLUMN replies.outcome IS 'ok, or the kind of error it led to';
COMMENT ON COLUMN replies.prompt_tokens IS 'As counted by the endpoint; NULL when it gave no count';
COMMENT ON COLUMN replies.cached_tokens IS 'Part of prompt_tokens';
COMMENT ON COLUMN replies.completion_tokens IS 'As counted by the endpoint';
COMMENT ON COLUMN replies.reasoning_tokens IS 'Part of completion_tokens';
COMMENT ON COLUMN replies.reused IS 'Whether it came from the cache and cost nothing in this run';
COMMENT ON COLUMN replies.replied_at IS 'When';
COMMENT ON COLUMN replies.cost IS 'USD by the prices of that day (setting prices); NULL where tokens or price are unknown';
COMMENT ON COLUMN replies.answered_by IS 'Model that the reply itself names';
COMMENT ON COLUMN replies.seconds IS 'From the request to the end of its reply; NULL of a batch, and where it was not kept';

CREATE TABLE evaluations (
  evaluation VARCHAR NOT NULL, evaluated_at TIMESTAMPTZ, tool_version VARCHAR, field VARCHAR NOT NULL, against VARCHAR NOT NULL, measure VARCHAR NOT NULL,
  hits DOUBLE NOT NULL, n DOUBLE NOT NULL, share DOUBLE, low DOUBLE NOT NULL, high DOUBLE NOT NULL, cells INTEGER NOT NULL,
  engines VARCHAR[] NOT NULL, models VARCHAR[] NOT NULL, prompts VARCHAR[] NOT NULL, instructions VARCHAR[] NOT NULL, gold VARCHAR, trial BOOLEAN NOT NULL, limited BOOLEAN NOT NULL);
COMMENT ON TABLE evaluations IS 'How often answers were right: a row for each measure of each field of each result that evaluate stored';
COMMENT ON COLUMN evaluations.evaluation IS 'Its name, which --against and --gate take: warehouse/evaluations/NAME.json';
COMMENT ON COLUMN evaluations.evaluated_at IS 'When';
COMMENT ON COLUMN evaluations.tool_version IS 'Version of survey-extract that measured it';
COMMENT ON COLUMN evaluations.field IS 'Field, or "all fields"';
COMMENT ON COLUMN evaluations.against IS 'What the answers were compared with: decided (of these, accepted and edited apart), imported, or gold';
COMMENT ON COLUMN evaluations.measure IS 'What was counted; docs/evaluate.md explains each';
COMMENT ON COLUMN evaluations.hits IS 'How often it was so';
COMMENT ON COLUMN evaluations.n IS 'Of how many; of F1, the mean of the names answered and the names that are right';
COMMENT ON COLUMN evaluations.share IS 'hits of n; NULL of nothing';
COMMENT ON COLUMN evaluations.low IS 'Lower end of the 95 % interval (Wilson)';
COMMENT ON COLUMN evaluations.high IS 'Upper end of it';
COMMENT ON COLUMN evaluations.cells IS 'Cells in which something is known to be right';
COMMENT ON COLUMN evaluations.engines IS 'Engines that answered';
COMMENT ON COLUMN evaluations.models IS 'Models that answered';
COMMENT ON COLUMN evaluations.prompts IS 'Short hashes of the wordings that were answered';
COMMENT ON COLUMN evaluations.instructions IS 'Short hashes of the field''s instructions that were answered';
COMMENT ON COLUMN evaluations.gold IS 'SHA-256 of the gold file; NULL when compared with decisions';
COMMENT ON COLUMN evaluations.trial IS 'Whether the answers were asked for only by evaluate, and are not part of the survey';
COMMENT ON COLUMN evaluations.limited IS 'Whether some sources, fields or answerers were chosen, so that it is not the whole survey';

CREATE TABLE internal.cells (
  position INTEGER NOT NULL, field_position INTEGER NOT NULL, key VARCHAR NOT NULL, field VARCHAR NOT NULL, state VARCHAR,
  value VARCHAR, "values" VARCHAR[], decided_by VARCHAR, decided_at TIMESTAMPTZ, verdict VARCHAR, reason VARCHAR, confirmed VARCHAR[] NOT NULL,
  unasked VARCHAR[] NOT NULL, apart VARCHAR[] NOT NULL, otherwise VARCHAR[] NOT NULL, otherwise_for BOOLEAN NOT NULL,
  answer INTEGER, document VARCHAR, evidence_count INTEGER NOT NULL, support_count INTEGER NOT NULL, pages INTEGER[] NOT NULL,
  check_state VARCHAR, unfound VARCHAR[] NOT NULL, lost_sha256 VARCHAR, number DOUBLE, unit VARCHAR, qualifier VARCHAR, unfit VARCHAR, in_newest VARCHAR, sentences_gone INTEGER NOT NULL,
  proposal INTEGER, proposed_by VARCHAR, proposed VARCHAR, proposed_evidence_count INTEGER NOT NULL, missing_quotes INTEGER NOT NULL,
  proposed_check_state VARCHAR, proposed_unfound VARCHAR[] NOT NULL, proposed_at TIMESTAMPTZ,
  proposed_terms STRUCT(text VARCHAR, place VARCHAR)[] NOT NULL, unseen INTEGER NOT NULL, proposed_unseen INTEGER NOT NULL,
  second VARCHAR, second_value VARCHAR, second_by VARCHAR, entailed VARCHAR, not_carried VARCHAR, entailed_by VARCHAR,
  is_shown BOOLEAN NOT NULL, brief BOOLEAN NOT NULL, owed VARCHAR[] NOT NULL);
COMMENT ON TABLE internal.cells IS 'States and values, worked out by core/decisions.py; read the view cells';

CREATE TABLE internal.quotes (
  key VARCHAR NOT NULL, field VARCHAR NOT NULL, position INTEGER NOT NULL, page INTEGER NOT NULL, sentence INTEGER, words VARCHAR,
  sha256 VARCHAR NOT NULL, link VARCHAR, document VARCHAR, sight VARCHAR);
COMMENT ON TABLE internal.quotes IS 'The sentences that shown values point at; read the view quotes';

CREATE TABLE internal.outcomes (
  run VARCHAR NOT NULL, key VARCHAR NOT NULL, outcome VARCHAR NOT NULL, step VARCHAR, error VARCHAR, message VARCHAR, document VARCHAR,
  version VARCHAR, fetched_bytes BIGINT NOT NULL, asked VARCHAR[], reasons VARCHAR[], carried VARCHAR[], fates MAP(VARCHAR, INTEGER),
  warnings VARCHAR[], notice VARCHAR, previous VARCHAR, title VARCHAR, seconds DOUBLE NOT NULL);
-- The runs that do not name each source that was due, and the lists of sources, each under the run that has it first.
CREATE TABLE internal.unnamed (run VARCHAR NOT NULL, list VARCHAR NOT NULL);
CREATE TABLE internal.listed (list VARCHAR NOT NULL, key VARCHAR NOT NULL);

CREATE TABLE internal.named (key VARCHAR NOT NULL, name VARCHAR, title VARCHAR);
CREATE TABLE internal.looks (key VARCHAR NOT NULL, title VARCHAR, notice VARCHAR, looked_at TIMESTAMPTZ, failing_since TIMESTAMPTZ, unasked VARCHAR);
-- unasked: why nothing more is asked of a source, though it was read; filled: of each table of runs, how many rows it has and their SHA-256, as JSON.
CREATE TABLE internal.built (records_sha256 VARCHAR NOT NULL, runs_sha256 VARCHAR NOT NULL, filled VARCHAR NOT NULL, tool_version VARCHAR NOT NULL);
COMMENT ON TABLE internal.built IS 'What this file was built from';

CREATE VIEW outcomes AS
FROM internal.outcomes
UNION ALL
SELECT u.run, l.key, 'unchanged', NULL, NULL, NULL, NULL, NULL, 0, [], [], [], MAP {}, [], NULL, NULL, NULL, NULL
FROM internal.unnamed u JOIN internal.listed l ON l.list = u.list
WHERE NOT EXISTS (FROM internal.outcomes o WHERE o.run = u.run AND o.key = l.key);
COMMENT ON VIEW outcomes IS 'What each run did with each source; for one that was unchanged, with nothing to report, the record of a run has no more than that';
COMMENT ON COLUMN outcomes.run IS 'runs.id';
COMMENT ON COLUMN outcomes.key IS 'Source';
COMMENT ON COLUMN outcomes.outcome IS 'new, changed, unchanged, failed, withdrawn, needs_ocr, or waiting (its questions are in a batch)';
COMMENT ON COLUMN outcomes.step IS 'locate, fetch, read or ask: where it failed';
COMMENT ON COLUMN outcomes.error IS 'Kind of error';
COMMENT ON COLUMN outcomes.message IS 'What happened, and what to do';
COMMENT ON COLUMN outcomes.document IS 'SHA-256 of the document it looked at, where the run names the source';
COMMENT ON COLUMN outcomes.version IS 'arXiv version it looked at, where the run names the source';
COMMENT ON COLUMN outcomes.fetched_bytes IS 'Bytes of the document, when it was fetched';
COMMENT ON COLUMN outcomes.asked IS 'Fields that were asked';
COMMENT ON COLUMN outcomes.reasons IS 'Why each of them was asked, in the same order';
COMMENT ON COLUMN outcomes.carried IS 'Fields whose evidence is in the new version as in the old: not asked again';
COMMENT ON COLUMN outcomes.fates IS 'What became of the old version''s cited sentences in the new: same, moved (other page), changed (reworded), altered (of a decided value: reworded so that it may say something else), gone';
COMMENT ON COLUMN outcomes.notice IS 'arXiv''s own word that the paper is withdrawn or replaced';
COMMENT ON COLUMN outcomes.previous IS 'SHA-256 of the document before, when it changed';
COMMENT ON COLUMN outcomes.warnings IS 'What a person should know although it did not fail';
COMMENT ON COLUMN outcomes.title IS 'Title as located';
COMMENT ON COLUMN outcomes.seconds IS 'How long it took, where the run names the source';

CREATE VIEW cells AS
SELECT c.key, c.field, c.state, c.value, c."values", c.decided_by, c.decided_at, c.reason, a.engine, a.model, c.evidence_count, c.support_count,
       c.check_state, c.unfound, c.document, c.proposed, c.proposed_by, p.engine AS proposed_engine, p.model AS proposed_model,
       c.proposed_evidence_count, c.proposed_check_state, c.proposed_unfound, p.document AS proposed_document,
       p.version AS proposed_version, c.proposed_at, c.missing_quotes, p.omitted, len(p.unresolved) AS unresolved_count,
       c.answer, c.proposal AS proposed_answer, c.unseen AS unseen_count, c.proposed_unseen AS proposed_unseen_count,
       c.second, c.second_value, c.second_by, c.entailed, c.not_carried, c.entailed_by, s.name, c.in_newest
FROM internal.cells c JOIN sources s USING (key) LEFT JOIN answers a ON a.id = c.answer LEFT JOIN answers p ON p.id = c.proposal
ORDER BY c.position, c.field_position;
COMMENT ON VIEW cells IS 'A row per source and field: what is shown, and beside it, under names of their own, what is proposed';
COMMENT ON COLUMN cells.key IS 'Source';
COMMENT ON COLUMN cells.field IS 'Field';
COMMENT ON COLUMN cells.state IS 'proposed, accepted, edited, rejected, not_reported, removed, imported, changed; NULL: nothing is known';
COMMENT ON COLUMN cells.value IS 'What was decided; where nobody decided yet, what is proposed. NULL is "not reported"; where engine is extractive and state proposed, no answer';
COMMENT ON COLUMN cells.values IS 'The names of a list field';
COMMENT ON COLUMN cells.decided_by IS 'Who decided on the value';
COMMENT ON COLUMN cells.decided_at IS 'When';
COMMENT ON COLUMN cells.reason IS 'Why, when given';
COMMENT ON COLUMN cells.engine IS 'Engine that gave the value; NULL when a person or a list wrote it';
COMMENT ON COLUMN cells.model IS 'Model that gave the value';
COMMENT ON COLUMN cells.evidence_count IS 'Sentences that the value points to';
COMMENT ON COLUMN cells.support_count IS 'Sentences that come nearest to a value that points to none: found by code, claimed by nobody';
COMMENT ON COLUMN cells.check_state IS 'Worst place of the figures and names of the value: in evidence, under another header (of a row that is evidence), not compared (its unit or its name is in other words there), elsewhere, said otherwise (by its evidence), nowhere; NULL when it has none or was not checked';
COMMENT ON COLUMN cells.unfound IS 'Figures and names of the value that the source does not contain';
COMMENT ON COLUMN cells.document IS 'Document that the value points into';
COMMENT ON COLUMN cells.proposed IS 'What is proposed; NULL is "not reported" where proposed_by is set, and no answer where that is extractive';
COMMENT ON COLUMN cells.proposed_by IS 'Who proposes: a model, extractive (sentences of the source), or who imported a newer list; NULL when nothing is proposed';
COMMENT ON COLUMN cells.proposed_engine IS 'Engine of the latest answer';
COMMENT ON COLUMN cells.proposed_model IS 'Model of the latest answer';
COMMENT ON COLUMN cells.proposed_evidence_count IS 'Sentences that the proposal points to';
COMMENT ON COLUMN cells.proposed_check_state IS 'Worst place of the figures and names of the proposal';
COMMENT ON COLUMN cells.proposed_unfound IS 'Figures and names of the proposal that the source does not contain';
COMMENT ON COLUMN cells.proposed_document IS 'Document of the latest answer';
COMMENT ON COLUMN cells.proposed_version IS 'arXiv version of the latest answer';
COMMENT ON COLUMN cells.proposed_at IS 'When it was proposed';
COMMENT ON COLUMN cells.missing_quotes IS 'Sentences of the proposal whose words are not in the cache';
COMMENT ON COLUMN cells.omitted IS 'Sentences that did not fit in the question';
COMMENT ON COLUMN cells.unresolved_count IS 'Sentence numbers of the latest answer that exist nowhere';
COMMENT ON COLUMN cells.answer IS 'answers.id of the answer that the value came from; NULL when a person or a list wrote it';
COMMENT ON COLUMN cells.proposed_answer IS 'answers.id of what is proposed';
COMMENT ON COLUMN cells.unseen_count IS 'Sentences that support the value whose words a person does not see at their place on the page as drawn';
COMMENT ON COLUMN cells.proposed_unseen_count IS 'The same of the proposal';
COMMENT ON COLUMN cells.second IS 'Whether another engine or model agrees with what is proposed: agrees or differs; NULL when none was asked';
COMMENT ON COLUMN cells.second_value IS 'What that one answers; NULL is "not reported" where second_by is set';
COMMENT ON COLUMN cells.second_by IS 'Which engine or model that is';
COMMENT ON COLUMN cells.entailed IS 'Whether the evidence supports what is proposed, as a second reader says: yes, partly, no, or unparsable; NULL when none was asked';
COMMENT ON COLUMN cells.not_carried IS 'The words of the proposal that the evidence does not support, as that reader says';
COMMENT ON COLUMN cells.entailed_by IS 'Which model that reader is';
COMMENT ON COLUMN cells.name IS 'Display name of the source';
COMMENT ON COLUMN cells.in_newest IS 'What the newest version makes of a value that was decided in an older one: same (its sentences are there, and its evidence points there), reworded (they are reworded so that it cannot matter: their words of meaning are there, none that could turn them came in, and so are the value''s figures and names), gone (one of them, or a figure or name, is not there, or may say something else); then document and evidence are those of the older one, and check_state is of the newest; unplaced (decided in this very version, on a sentence that is read otherwise today: a person has to say which one it is). NULL: decided in sight of the newest, or not held against it';

CREATE VIEW survey AS
SELECT s.key, s.name, s.url, s.title, year(s.published_on) AS year, s.authors,
  CASE WHEN bool_or(c.is_shown AND c.state = 'proposed') THEN 'undecided' WHEN bool_or(c.state IN ('changed', 'imported') AND c.verdict = 'imported') THEN 'imported'
       ELSE 'decided' END AS state,
{fields},
  coalesce(string_agg(c.field, ', ' ORDER BY c.field_position) FILTER (c.is_shown AND c.value IS NULL AND c.evidence_count = 0
    AND NOT (c.state = 'proposed' AND a.engine = 'extractive')), '') AS not_reported,
  count(*) FILTER (c.is_shown AND c.state = 'proposed') AS undecided_cells, count(*) FILTER (NOT c.is_shown) AS empty_cells,
  coalesce(string_agg(c.field, ', ' ORDER BY c.field_position) FILTER (c.is_shown AND c.in_newest = 'gone'), '') AS no_longer_found,
  string_agg(DISTINCT c.proposed_by, ', ' ORDER BY c.proposed_by) FILTER (c.is_shown AND c.state = 'proposed') AS proposed_by
FROM sources s JOIN internal.cells c ON c.key = s.key LEFT JOIN answers a ON a.id = c.answer
WHERE s.published
GROUP BY ALL
ORDER BY any_value(s.position);
COMMENT ON VIEW survey IS 'A row per published source, in the order of sources.csv';
COMMENT ON COLUMN survey.key IS 'Source';
COMMENT ON COLUMN survey.name IS 'Display name';
COMMENT ON COLUMN survey.url IS 'Link for people';
COMMENT ON COLUMN survey.title IS 'Title';
COMMENT ON COLUMN survey.year IS 'Year of the first version';
COMMENT ON COLUMN survey.authors IS 'Authors as arXiv lists them';
COMMENT ON COLUMN survey.state IS 'undecided: a cell shows what nobody decided on; imported: a cell shows a list''s words that nobody decided on; decided: neither';
COMMENT ON COLUMN survey.not_reported IS 'The fields whose cells say "not reported"; any other that is NULL shows nothing: it is not decided, or there is no answer';
COMMENT ON COLUMN survey.undecided_cells IS 'Cells whose value no person decided on: only with the setting publish = any';
COMMENT ON COLUMN survey.empty_cells IS 'Cells that show nothing, since nobody decided on them yet: their fields were added when the row was in the table';
COMMENT ON COLUMN survey.no_longer_found IS 'The fields whose values were decided in an older version of the source and are not found in the newest: see cells.in_newest';
COMMENT ON COLUMN survey.proposed_by IS 'Who proposed those: a model, or extractive (taken from sentences of the source, without a model)';

CREATE VIEW quotes AS
SELECT q.key, s.name, q.field, c.state, c.value, q.position, q.page, q.words, q.link, q.sight
FROM internal.quotes q JOIN sources s USING (key) JOIN internal.cells c ON c.key = q.key AND c.field = q.field
ORDER BY c.position, c.field_position, q.position;
COMMENT ON VIEW quotes IS 'A row per sentence that supports a shown value (cells.value); the sentences of older and of other answers are in evidence';
COMMENT ON COLUMN quotes.key IS 'Source';
COMMENT ON COLUMN quotes.name IS 'Display name';
COMMENT ON COLUMN quotes.field IS 'Field';
COMMENT ON COLUMN quotes.state IS 'State of the cell: accepted, edited and not_reported are a person''s decision';
COMMENT ON COLUMN quotes.value IS 'What the cell shows';
COMMENT ON COLUMN quotes.position IS 'Order, from 1';
COMMENT ON COLUMN quotes.page IS 'Page on which it begins';
COMMENT ON COLUMN quotes.words IS 'Its words, cut from the document in the cache; NULL when it is not there';
COMMENT ON COLUMN quotes.link IS 'Where a reader sees it: the version that was read, at its page; without the page where that address shows a newer one by now';
COMMENT ON COLUMN quotes.sight IS 'What a person finds there, as evidence.sight; NULL: nobody looked yet';

CREATE VIEW internal.were_read AS
SELECT key FROM sources s LEFT JOIN (
  SELECT key, bool_or(outcome NOT IN ('failed', 'needs_ocr', 'withdrawn') OR step = 'ask') AS good, bool_or(step = 'read') AS bad
  FROM outcomes GROUP BY key) o USING (key)
WHERE s.document IS NOT NULL AND (coalesce(o.good, false) OR NOT coalesce(o.bad, false)) ORDER BY s.position;
COMMENT ON VIEW internal.were_read IS 'Sources whose bytes came and could be read as a text, at least once';

CREATE VIEW queue AS
SELECT * EXCLUDE (position, field_position, verdict, low, brief, owed, unasked), CASE
       WHEN state IS NULL AND unasked = 'withdrawn' THEN 'the paper is withdrawn, so nothing is asked about it any more'
       WHEN state IS NULL THEN 'the model gave no answer that could be used'
       WHEN unfit IS NOT NULL AND verdict = 'imported' THEN 'the list''s text is no value of the field'
       WHEN unfit IS NOT NULL THEN 'no longer allowed'
       WHEN in_newest = 'gone' THEN 'no longer in the source: it was decided in an older version'
       WHEN in_newest = 'unplaced' THEN 'its sentence is read otherwise today: where does it stand?'
       WHEN in_newest = 'reworded' AND state <> 'changed' THEN 'its sentences were reworded since it was decided'
       WHEN owed AND state NOT IN ('proposed', 'changed') THEN 'who vouched for it was not asked about all that is not there'
       WHEN state = 'imported' THEN 'the list names what the source does not contain'
       WHEN proposed_by_list THEN 'a newer list says otherwise'
       WHEN second = 'differs' THEN 'a second opinion differs'
       WHEN evidence_count = 0 AND proposed IS NOT NULL THEN 'no evidence'
       WHEN entailed IN ('no', 'partly') THEN 'a second reader finds it not supported'
       WHEN check_state = 'nowhere' THEN 'a figure or name is nowhere in the source'
       WHEN unseen_count > 0 THEN 'its evidence is not visible on the page as drawn'
       WHEN state IN ('proposed', 'changed') AND proposed IS NULL AND engine = 'extractive' AND evidence_count = 0 THEN 'no answer'
       WHEN state = 'changed' AND verdict = 'imported' THEN 'differs from the imported text'
       WHEN state = 'changed' THEN 'changed since it was decided'
       WHEN check_state = 'said otherwise' THEN 'its evidence says otherwise'
       WHEN check_state = 'elsewhere' THEN 'a figure or name is not in the evidence'
       WHEN check_state = 'not compared' THEN 'a figure or name could not be compared'
       WHEN check_state = 'under another header' THEN 'a figure is in the row, under another header'
       WHEN proposed IS NULL THEN 'not reported'
       WHEN second = 'agrees' THEN 'a second opinion agrees'
       WHEN brief THEN 'very short'
       ELSE 'undecided' END AS risk,
       row_number() OVER (ORDER BY CASE WHEN rank <= 2 THEN 0 WHEN rank < 10 THEN 1 ELSE 2 END, CASE WHEN rank <= 2 THEN 0 ELSE low END,
                          rank, position, field_position) AS place
FROM (
  SELECT c.key, s.name, c.field, c.state, c.proposed, c.value, c.proposed_by, p.engine,
    CASE WHEN c.state IN ('proposed', 'changed') THEN c.proposed_evidence_count ELSE c.evidence_count END AS evidence_count,
    CASE WHEN c.state IN ('proposed', 'changed') THEN c.proposed_check_state ELSE c.check_state END AS check_state,
    CASE WHEN c.state IN ('proposed', 'changed') THEN c.proposed_unfound ELSE c.unfound END AS unfound, s.notice,
    CASE WHEN c.second = 'agrees' AND c.state IN ('proposed', 'changed') AND coalesce(c.entailed, '') NOT IN ('no', 'partly') THEN 10 ELSE 0 END
    + CASE WHEN c.second = 'differs' AND c.state IN ('proposed', 'changed') THEN 0
         WHEN c.unfit IS NOT NULL THEN 2 WHEN c.in_newest IN ('gone', 'unplaced') THEN 1
         WHEN c.in_newest = 'reworded' AND c.state <> 'changed' THEN 8 WHEN c.state <> 'imported' AND p.id IS NOT NULL AND c.proposed_evidence_count = 0 AND c.proposed IS NOT NULL THEN 1
         WHEN c.entailed IN ('no', 'partly') AND c.state IN ('proposed', 'changed') THEN 1
         WHEN c.state = 'imported' OR c.proposed_check_state = 'nowhere' OR c.proposed_unseen > 0 THEN 2 WHEN c.state = 'changed' THEN 3
         WHEN c.proposed_check_state IN ('said otherwise', 'elsewhere', 'not compared', 'under another header') THEN 4 WHEN c.proposed IS NULL THEN 5 WHEN c.brief THEN 6 ELSE 7 END AS rank,
    CASE WHEN c.state IN ('proposed', 'changed') THEN c.proposed_unseen ELSE c.unseen END AS unseen_count,
    c.proposed_by IS NOT NULL AND p.id IS NULL AS proposed_by_list, c.verdict, c.unfit,
    c.second, c.second_value, c.second_by, c.entailed, c.not_carried, c.entailed_by, c.position, c.field_position, c.brief, c.in_newest, len(c.owed) > 0 AS owed, l.unasked,
    CASE WHEN (SELECT bool_or(orders) FROM track_records) THEN coalesce(t.low, 0) ELSE 0 END AS low
  FROM internal.cells c JOIN sources s USING (key) LEFT JOIN answers p ON p.id = c.proposal LEFT JOIN track_records t ON t.field = c.field LEFT JOIN internal.looks l ON l.key = c.key
  WHERE c.state IN ('proposed', 'changed') OR (c.state = 'imported' AND c.check_state = 'nowhere') OR c.unfit IS NOT NULL OR c.in_newest IN ('gone', 'reworded', 'unplaced') OR len(c.owed) > 0
    OR (c.state IS NULL AND l.unasked IS NOT NULL AND s.document IS NOT NULL))
ORDER BY place;
COMMENT ON VIEW queue IS 'The cells that need a decision, riskiest first';
COMMENT ON COLUMN queue.place IS 'Order, from 1: what was found wrong with a cell comes first (rank 0 to 2), what a second opinion agrees with last; between them go the fields that were right least often, once there are enough decided cells (track_records.orders), then by rank';
COMMENT ON COLUMN queue.key IS 'Source';
COMMENT ON COLUMN queue.name IS 'Display name';
COMMENT ON COLUMN queue.field IS 'Field';
COMMENT ON COLUMN queue.state IS 'proposed, changed, imported (the list names what the source does not contain), or decided (what stands is no value that the field may have, or its sentences are not found in the source today: in_newest; or it was vouched for, but not all that is not there); NULL where no answer is to come: the paper is withdrawn, or the model gave none that could be used';
COMMENT ON COLUMN queue.proposed IS 'What is proposed';
COMMENT ON COLUMN queue.value IS 'The value until it is decided';
COMMENT ON COLUMN queue.proposed_by IS 'Who proposes it';
COMMENT ON COLUMN queue.engine IS 'Engine of the proposal; NULL for a list''s';
COMMENT ON COLUMN queue.evidence_count IS 'Sentences that what is to be decided points to';
COMMENT ON COLUMN queue.check_state IS 'Worst place of its figures and names';
COMMENT ON COLUMN queue.unfound IS 'Those that the source does not contain';
COMMENT ON COLUMN queue.unseen_count IS 'Sentences of it whose words a person does not see at their place on the page as drawn';
COMMENT ON COLUMN queue.notice IS 'arXiv''s own word that the paper is withdrawn or replaced';
COMMENT ON COLUMN queue.unfit IS 'Why the field may no longer have its value: its type or options in fields.toml changed';
COMMENT ON COLUMN queue.risk IS 'Why it is where it is in the queue';
COMMENT ON COLUMN queue.rank IS 'The lowest is the riskiest: 0 where a second opinion differs, 10 and more where one agrees';
COMMENT ON COLUMN queue.second IS 'Whether another engine or model agrees with what is proposed: agrees or differs; NULL when none was asked';
COMMENT ON COLUMN queue.second_value IS 'What that one answers; NULL is "not reported" where second_by is set';
COMMENT ON COLUMN queue.second_by IS 'Which engine or model that is';
COMMENT ON COLUMN queue.entailed IS 'Whether the evidence supports what is proposed, as a second reader says';
COMMENT ON COLUMN queue.not_carried IS 'The words of the proposal that the evidence does not support, as that reader says';
COMMENT ON COLUMN queue.entailed_by IS 'Which model that reader is';
COMMENT ON COLUMN queue.in_newest IS 'What the newest version makes of what stands, as in cells';
COMMENT ON COLUMN queue.proposed_by_list IS 'Whether a newer list proposes it';

CREATE VIEW history AS
SELECT key, field, answered_at AS given_at, 'answer' AS origin, engine || coalesce(' ' || model, '') AS given_by, value, value_sha256, version, NULL AS reason
FROM answers
UNION ALL
SELECT key, field, decided_at, verdict, decided_by, value, judged_sha256, NULL, reason FROM decisions
ORDER BY key, field, given_at, origin;
COMMENT ON VIEW history IS 'Every value a cell ever had, and who or what gave it';
COMMENT ON COLUMN history.key IS 'Source';
COMMENT ON COLUMN history.field IS 'Field';
COMMENT ON COLUMN history.given_at IS 'When';
COMMENT ON COLUMN history.origin IS 'answer, or the verdict of a decision';
COMMENT ON COLUMN history.given_by IS 'Engine and model, or the person';
COMMENT ON COLUMN history.value IS 'The value';
COMMENT ON COLUMN history.value_sha256 IS 'Hash of the value given or judged';
COMMENT ON COLUMN history.version IS 'arXiv version it was read from';
COMMENT ON COLUMN history.reason IS 'Why, when given';

CREATE VIEW costs AS
SELECT run, engine, model, field, count(*) AS replies,
       sum(prompt_tokens * part // fields - prompt_tokens * (part - 1) // fields)::BIGINT AS prompt_tokens,
       sum(cached_tokens * part // fields - cached_tokens * (part - 1) // fields)::BIGINT AS cached_tokens,
       sum(completion_tokens * part // fields - completion_tokens * (part - 1) // fields)::BIGINT AS completion_tokens,
       sum(reasoning_tokens * part // fields - reasoning_tokens * (part - 1) // fields)::BIGINT AS reasoning_tokens,
       count(*) FILTER (prompt_tokens IS NULL) AS uncounted, sum(cost / fields) AS cost, count(*) FILTER (cost IS NULL) AS unpriced
FROM (SELECT * EXCLUDE (fields), unnest(fields) AS field, generate_subscripts(fields, 1) AS part, len(fields) AS fields
      FROM replies WHERE NOT reused)
GROUP BY ALL ORDER BY run, engine, model, field;
COMMENT ON VIEW costs IS 'Tokens and money per run, engine, model and field; a question about several fields is shared equally among them, in whole tokens';
COMMENT ON COLUMN costs.run IS 'runs.id';
COMMENT ON COLUMN costs.engine IS 'Engine';
COMMENT ON COLUMN costs.model IS 'Model';
COMMENT ON COLUMN costs.field IS 'Field';
COMMENT ON COLUMN costs.replies IS 'Replies whose question was (also) about this field';
COMMENT ON COLUMN costs.prompt_tokens IS 'Share of the tokens sent';
COMMENT ON COLUMN costs.cached_tokens IS 'Share of those that the provider had in its cache';
COMMENT ON COLUMN costs.completion_tokens IS 'Share of the tokens received';
COMMENT ON COLUMN costs.reasoning_tokens IS 'Share of those spent on reasoning';
COMMENT ON COLUMN costs.uncounted IS 'Replies for which the endpoint gave no count';
COMMENT ON COLUMN costs.cost IS 'Share of the money in USD, of the replies whose price is known';
COMMENT ON COLUMN costs.unpriced IS 'Replies whose tokens or price are unknown, so that cost leaves them out';
