using Actors.Facts;
using Actors.Grains.Tests.Facts;
using Actors.Runs;
using Actors.Sessions;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Rows that other programs change while sessions have them in memory: they hear of it, and the next recall shows it.</summary>
public sealed class ForeignChangeTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_event_that_psql_inserts_changes_or_deletes_reaches_a_hot_session()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("The lid is blue");

        await PsqlAsync($"insert into events (client_id, content) values ('{client}', 'The kettle is red')");
        await session.RecallsAsync("kettle", "The kettle is red");

        await PsqlAsync($"update events set content = 'The kettle is green' where client_id = '{client}' and content like '%kettle%'");
        await session.RecallsAsync("kettle", "The kettle is green");
        Assert.Empty(await session.RecallAsync("red"));

        await PsqlAsync($"delete from events where client_id = '{client}' and content like '%kettle%'");
        await session.RecallsAsync("kettle");
        Assert.Equal(["The lid is blue"], await session.RecallAsync("lid"));
    }

    [Fact]
    public async Task a_fact_that_psql_inserts_changes_or_deletes_reaches_a_hot_session()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("The lid is blue");

        await PsqlAsync($"insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('{client}', 'user', '1', 'likes', 'likes tea')");
        await session.RecallsAsync("tea coffee", "likes tea");

        await PsqlAsync($"select update_fact_temporal('user', '1', 'likes', 'likes coffee', 0.7, '{client}')");
        await session.RecallsAsync("tea coffee", "likes coffee");

        await PsqlAsync($"delete from facts where client_id = '{client}'");
        await session.RecallsAsync("tea coffee");
    }

    [Fact]
    public async Task a_row_that_psql_gives_to_another_client_leaves_one_session_and_comes_to_the_other()
    {
        var (from, to) = (fixture.NewClient(), fixture.NewClient());
        var memory = await fixture.Session(from).RememberAsync("The kettle is red");
        await fixture.Session(to).RememberAsync("The lid is blue");

        await PsqlAsync($"update events set client_id = '{to}' where id = '{memory.Id}'");

        await fixture.Session(to).RecallsAsync("kettle", "The kettle is red");
        await fixture.Session(from).RecallsAsync("kettle");
    }

    [Fact]
    public async Task one_statement_reaches_the_sessions_of_all_clients_whose_rows_it_changes()
    {
        string[] clients = [fixture.NewClient(), fixture.NewClient(), fixture.NewClient()];
        foreach (var client in clients)
        {
            await fixture.Session(client).RememberAsync("The pan is new");
        }

        await PsqlAsync($"update events set content = 'The pan is old' where client_id in ('{string.Join("', '", clients)}')");

        foreach (var client in clients)
        {
            await fixture.Session(client).RecallsAsync("pan", "The pan is old");
        }
    }

    [Fact]
    public async Task a_run_that_psql_ends_takes_its_memories_out_of_recall()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        var run = Guid.Parse((await PsqlAsync($"insert into execution_runs (client_id, status) values ('{client}', 'running') returning id")).Split('\n')[0]);
        await session.RememberAsync(new NewMemory("The kettle is on", Scope: MemoryScope.Run, RunId: run));
        Assert.Equal(["The kettle is on"], await session.RecallAsync("kettle"));

        await PsqlAsync($"update execution_runs set status = 'completed', actual_hours = 1 where id = '{run}'");

        await session.RecallsAsync("kettle");
    }

    [Fact]
    public async Task a_run_and_a_subject_that_psql_changed_are_read_again_before_they_decide()
    {
        var client = fixture.NewClient();
        var runs = fixture.Host.Grains.GetGrain<IExecutionRunGrain>($"{Guid.CreateVersion7():D}");
        var run = await runs.StartAsync(new NewRun(client), Stop);
        var subject = fixture.Subject(client);
        var fact = await subject.CreateAsync(FactCalls.Fact("likes tea"));

        await PsqlAsync($"update execution_runs set status = 'cancelled' where id = '{run.Id}'; delete from facts where id = '{fact.Id}'");

        await Assert.ThrowsAsync<RunEndedException>(() => runs.ReportAsync(new RunReport(), Stop));
        await Assert.ThrowsAsync<FactSupersededException>(() => subject.RetractAsync(fact.Id));
    }

    [Fact]
    public async Task an_open_transaction_of_psql_does_not_hold_up_recalls_of_what_was_committed_before()
    {
        var client = fixture.NewClient();
        var session = fixture.Session(client);
        await session.RememberAsync("The lid is blue");
        await PsqlAsync($"insert into events (client_id, content) values ('{client}', 'The kettle is red')");
        await using var psql = await fixture.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await psql.BeginTransactionAsync(Stop);
        await using var edit = new NpgsqlCommand($"update events set salience_score = 0.9 where client_id = '{client}'", psql);
        await edit.ExecuteNonQueryAsync(Stop);

        // It looks for changes whether it was told or not.
        await session.CatchUpAsync(Stop);

        var answer = await session.RecallAsync(RecallRequest.For("kettle"), Stop);
        Assert.Equal(["The kettle is red"], answer.Hits.Select(hit => hit.Memory.Content));
        Assert.Empty(answer.Degraded);
    }

    [Fact]
    public async Task a_memory_that_psql_edited_is_not_repeated_by_what_it_was()
    {
        var session = fixture.Session(fixture.NewClient());
        var first = await session.RememberAsync("The kettle is red");
        await PsqlAsync($"update events set content = 'The kettle is green' where id = '{first.Id}'");
        await session.RecallsAsync("kettle", "The kettle is green");

        var second = await session.RememberAsync("The kettle is red");

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(["The kettle is green", "The kettle is red"], (await session.RecallAsync("kettle")).Order());
    }

    [Fact]
    public async Task a_hundred_thousand_rows_of_one_statement_reach_a_hot_session()
    {
        var client = fixture.NewClient();
        var (session, other) = (fixture.Session(client), fixture.Session(fixture.NewClient()));
        await session.RememberAsync("The lid is blue");
        await other.RememberAsync("The pan is new");

        await PsqlAsync($"insert into events (client_id, content) select '{client}', 'note ' || n || ' of a kettle' from generate_series(1, 100000) n");
        await session.RecallsAsync("99999", "note 99999 of a kettle");
        await PsqlAsync($"update events set content = replace(content, 'note', 'remark') where client_id = '{client}' and content like 'note %'");
        await session.RecallsAsync("remark 99999", "remark 99999 of a kettle", k: 1);

        Assert.Empty(await session.RecallAsync("note"));
        await session.RememberAsync("The lid is clean");
        Assert.Equal(["The lid is blue", "The lid is clean"], (await session.RecallAsync("lid")).Order());
        Assert.Equal(["The pan is new"], await other.RecallAsync("pan"));
    }

    [Fact]
    public async Task what_grains_write_is_not_notified()
    {
        await using var listener = await fixture.Database.DataSource.OpenConnectionAsync(Stop);
        var heard = new List<string>();
        listener.Notification += (_, notification) => heard.Add(notification.Payload);
        await ExecuteAsync(listener, "listen actors_changes");

        var client = fixture.NewClient();
        var session = fixture.Session(client);
        var memory = await session.RememberAsync("The lid is blue");
        await session.ForgetAsync(memory.Id, Stop);
        var subject = fixture.Subject(client);
        var fact = await subject.CreateAsync(FactCalls.Fact("likes tea"));
        await subject.RetractAsync(fact.Id);
        var run = fixture.Host.Grains.GetGrain<IExecutionRunGrain>($"{Guid.CreateVersion7():D}");
        await run.StartAsync(new NewRun(client), Stop);

        // Comes after all that was committed before it.
        await ExecuteAsync(listener, $"notify actors_changes, '{client} end'");
        while (heard.LastOrDefault() != $"{client} end")
        {
            await listener.WaitAsync(Stop);
        }

        Assert.DoesNotContain(client, heard);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private Task<string> PsqlAsync(string sql) => fixture.Database.PsqlAsync(sql);
}

/// <summary>Waiting for what a notification brings.</summary>
internal static class EventualRecall
{
    /// <summary>Asks until the answer has these contents: between a commit and its notification lie two processes. Fails after 60 s, with the answer there was.</summary>
    public static async Task RecallsAsync(this ISessionGrain session, string question, params string[] expected) =>
        await session.RecallsAsync(question, expected, k: 100);

    /// <summary>The same for the best k.</summary>
    public static async Task RecallsAsync(this ISessionGrain session, string question, string expected, int k) =>
        await session.RecallsAsync(question, [expected], k);

    private static async Task RecallsAsync(this ISessionGrain session, string question, string[] expected, int k)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string[] found = [];
        do
        {
            try
            {
                found = await session.RecallAsync(question, k);
            }
            catch (SessionLoadingException)
            {
                // So many rows take longer to read on a busy machine than a request waits.
            }
        }
        while (!found.Order().SequenceEqual(expected.Order()) && !limit.IsCancellationRequested);
        Assert.Equal(expected.Order(), found.Order());
    }
}
