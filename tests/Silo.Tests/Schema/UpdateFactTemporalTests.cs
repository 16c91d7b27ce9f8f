namespace Actors.Schema;

public sealed class UpdateFactTemporalTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    [Fact]
    public async Task fifty_psql_sessions_at_once_leave_one_open_fact_and_lose_no_content()
    {
        await Task.WhenAll(Enumerable.Range(1, 50).Select(
            n => database.PsqlAsync($"SELECT update_fact_temporal('user','fifty','preference','choice {n}')")));

        var row = await database.PsqlAsync("""
            select count(*), count(distinct content), count(*) filter (where valid_to is null), count(distinct valid_from),
                   count(*) filter (where superseded_by is not null)
            from facts where subject_id = 'fifty'
            """);
        Assert.Equal("50|50|1|50|49", row);
        Assert.Equal("0", await database.PsqlAsync("""
            select count(*) from facts old join facts new on new.id = old.superseded_by
            where old.subject_id = 'fifty' and old.valid_to <> new.valid_from
            """));
        Assert.Equal("49|change", await database.PsqlAsync("select count(*), max(operation) from fact_versions where subject_id = 'fifty'"));
    }

    [Fact]
    public async Task two_calls_in_one_transaction_follow_each_other()
    {
        await database.PsqlAsync("""
            begin;
            SELECT update_fact_temporal('user','two','preference','first');
            SELECT update_fact_temporal('user','two','preference','second');
            commit;
            """);

        Assert.Equal("first|f|t\nsecond|t|t", await database.PsqlAsync("""
            select content, valid_to is null, coalesce(valid_to, valid_from + interval '1 second') > valid_from
            from facts where subject_id = 'two' order by valid_from
            """));
    }

    [Fact]
    public async Task the_new_fact_inherits_client_key_and_category_where_the_closed_ones_agree()
    {
        await database.PsqlAsync("""
            insert into facts (client_id, subject_type, subject_id, fact_type, content, fact_key, category)
            values ('7', 'user', 'heir', 'preference', '9 to 5', 'work_hours', 'work');
            SELECT update_fact_temporal('user','heir','preference','10 to 6');
            """);

        Assert.Equal("7|work_hours|work|10 to 6|0.7", await database.PsqlAsync(
            "select client_id, fact_key, category, content, salience_score from facts where subject_id = 'heir' and valid_to is null"));
    }

    [Fact]
    public async Task what_the_closed_facts_disagree_about_is_not_inherited()
    {
        await database.PsqlAsync("""
            insert into facts (client_id, subject_type, subject_id, fact_type, content, fact_key, category) values
                ('7', 'user', 'mixed', 'preference', '9 to 5', 'work_hours', 'work'),
                ('7', 'user', 'mixed', 'preference', 'tea', null, 'work'),
                ('7', 'user', 'mixed', 'habit', 'runs', null, null);
            SELECT update_fact_temporal('user','mixed','preference','something else', 0.9);
            """);

        Assert.Equal("habit|7|||runs\npreference|7||work|something else", await database.PsqlAsync(
            "select fact_type, client_id, fact_key, category, content from facts where subject_id = 'mixed' and valid_to is null order by 1"));
    }

    [Fact]
    public async Task facts_of_two_clients_are_an_error_that_asks_whose_is_meant()
    {
        await database.PsqlAsync("""
            insert into facts (client_id, subject_type, subject_id, fact_type, content)
            values ('a', 'user', 'shared', 'preference', 'a''s'), ('b', 'user', 'shared', 'preference', 'b''s'), (null, 'user', 'shared', 'preference', 'house''s')
            """);

        var error = await database.RefusedAsync("SELECT update_fact_temporal('user','shared','preference','x')");
        Assert.Equal("PM002", error.SqlState);
        Assert.Contains("p_client_id", error.Hint, StringComparison.Ordinal);

        await database.PsqlAsync("SELECT update_fact_temporal('user','shared','preference','a''s new', p_client_id => 'a')");
        await database.PsqlAsync("SELECT update_fact_temporal('user','shared','preference','house''s new', 0.7, '-')");
        Assert.Equal("a's new|a\nb's|b\nhouse's new|", await database.PsqlAsync(
            "select content, client_id from facts where subject_id = 'shared' and valid_to is null order by content"));
    }

    [Fact]
    public async Task with_nothing_to_close_the_fact_belongs_to_the_client_named()
    {
        await database.PsqlAsync("SELECT update_fact_temporal('user','fresh','preference','new', 0.5, 'c')");

        Assert.Equal("c|new|0.5", await database.PsqlAsync("select client_id, content, salience_score from facts where subject_id = 'fresh'"));
    }

    [Fact]
    public async Task a_planned_fact_is_replaced_right_after_it_begins_and_keeps_its_place_in_history()
    {
        await database.PsqlAsync("""
            insert into facts (subject_type, subject_id, fact_type, content, valid_from, valid_to, fact_key) values
                ('user', 'planned', 'preference', 'now', now() - interval '1 day', now() + interval '1 day', 'k'),
                ('user', 'planned', 'preference', 'next', now() + interval '1 day', null, 'k');
            SELECT update_fact_temporal('user','planned','preference','instead');
            """);

        Assert.Equal("now|f|next|1 day\nnext|f|instead|00:00:00.000001\ninstead|t||", await database.PsqlAsync("""
            select fact.content, fact.valid_to is null, next.content,
                   case when fact.content = 'now' then '1 day' else (fact.valid_to - fact.valid_from)::text end
            from facts fact left join facts next on next.valid_from = fact.valid_to and next.subject_id = 'planned'
            where fact.subject_id = 'planned' order by fact.valid_from
            """));
    }

    [Fact]
    public async Task a_fact_that_was_going_to_end_ends_at_the_change()
    {
        await database.PsqlAsync("""
            insert into facts (client_id, subject_type, subject_id, fact_type, content, valid_to, fact_key)
            values ('7', 'user', 'ending', 'preference', 'until tomorrow', now() + interval '1 day', 'k');
            SELECT update_fact_temporal('user','ending','preference','from now on');
            """);

        Assert.Equal("7|k|t", await database.PsqlAsync("""
            select new.client_id, new.fact_key, old.valid_to = new.valid_from and new.valid_from <= now()
            from facts old join facts new on new.id = old.superseded_by where old.subject_id = 'ending'
            """));
    }

    [Fact]
    public async Task a_plan_for_another_type_or_client_delays_nothing()
    {
        await database.PsqlAsync("""
            insert into facts (client_id, subject_type, subject_id, fact_type, content, valid_from) values
                ('7', 'user', 'other', 'job', 'starts next year', now() + interval '1 year'),
                ('8', 'user', 'other', 'preference', 'someone else''s', now() + interval '1 year');
            SELECT update_fact_temporal('user','other','preference','now', 0.7, '7');
            """);

        Assert.Equal("t", await database.PsqlAsync("select valid_from <= now() from facts where subject_id = 'other' and content = 'now'"));
    }

    [Fact]
    public async Task the_change_waits_for_whoever_holds_the_subjects_lock()
    {
        await using var holder = await database.Foreign.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var take = new Npgsql.NpgsqlCommand("select pg_advisory_xact_lock(subject_lock_key('user', 'locked'))", holder, transaction))
        {
            await take.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var error = await database.RefusedAsync("set lock_timeout = '100ms'; SELECT update_fact_temporal('user','locked','preference','x', p_client_id => 'a')");
        Assert.Equal(Npgsql.PostgresErrorCodes.LockNotAvailable, error.SqlState);
    }

    [Fact]
    public async Task a_later_update_in_the_same_transaction_is_not_called_a_change()
    {
        await database.PsqlAsync("""
            begin;
            SELECT update_fact_temporal('user','label','preference','one');
            SELECT update_fact_temporal('user','label','preference','two');
            update facts set content = 'edited' where subject_id = 'label' and valid_to is null;
            commit;
            """);

        Assert.Equal("change\nupdate", await database.PsqlAsync("select operation from fact_versions where subject_id = 'label' order by retracted_at"));
    }
}
