using System.Globalization;
using System.Text;
using Actors.Promotion;
using Actors.Support;

namespace Actors.Grains.Tests.Promotion;

/// <summary>Each fact is recorded once, with its span, whatever ends at any moment.</summary>
public class KilledPromotionTests(PromotionStage stage) : IClassFixture<PromotionStage>
{
    private const int Rounds = 10;
    private const int EventsPerRound = 10;

    private readonly string _client = stage.NewClient();

    [Fact]
    public async Task of_100_events_promoted_by_processes_that_are_killed_at_random_moments_each_fact_is_there_once_with_its_span()
    {
        await using var database = await TestPostgres.CreateAsync();
        var random = new Random(20261126);
        var numbers = Enumerable.Range(0, Rounds * EventsPerRound).ToArray();
        random.Shuffle(numbers);
        var midway = 0;
        foreach (var ofRound in numbers.Chunk(EventsPerRound))
        {
            await database.PsqlAsync(EventsOf(ofRound));
            using var sweeper = await SweeperToKill.StartAsync(database);
            await RecordedAsync(database, random.Next(3 * EventsPerRound));
            await SweeperToKill.KillAsync(sweeper);
            midway += await CountAsync(database, "select count(*) from promotion_jobs where state <> 'done'") > 0 ? 1 : 0;
        }

        using (var last = await SweeperToKill.StartAsync(database))
        {
            await RecordedAsync(database, int.MaxValue / 2);
            await SweeperToKill.KillAsync(last);
        }

        TestContext.Current.SendDiagnosticMessage($"{midway} of {Rounds} processes were killed at work");
        Assert.True(midway >= Rounds / 2);
        // Three facts of each event; as many sources, each with the words it was found in; and the values of each subject's key follow each other without a gap.
        Assert.Equal("300|300|300|300|100", await database.PsqlAsync(
            """
            select (select count(*) from facts), (select count(distinct content) from facts), (select count(distinct (event_id, ordinal)) from fact_sources),
                   (select count(*) from fact_sources s join events e on e.id = s.event_id join facts f on f.id = s.fact_id
                    where substr(e.content, s.span_start + 1, s.span_end - s.span_start) = f.content and f.valid_from = e.occurred_at),
                   (select count(*) from events e join fact_sources s on s.event_id = e.id and s.fact_id = e.promoted_to_fact_id where s.ordinal = 0)
            """));
        Assert.Equal("0|10", await database.PsqlAsync(
            """
            select count(*) filter (where valid_to is distinct from next), count(*) filter (where next is null)
            from (select valid_to, lead(valid_from) over (partition by subject_id order by valid_from) as next from facts where fact_key is not null) chain
            """));
    }

    [Fact]
    public async Task what_was_interrupted_between_two_facts_goes_on_with_the_second()
    {
        await stage.Database.PsqlAsync(
            $$"""
            create function stumble() returns trigger language plpgsql as $f$
            begin
                raise exception 'no' using errcode = 'lock_not_available';
            end $f$;
            create trigger stumble before insert on fact_sources for each row when (new.ordinal = 1) execute function stumble();
            """);
        var memory = await stage.RememberAsync(_client, "user Ada a: One and only.\nuser Bob b: Two of them.\nuser Cid c: Three of them.");
        await stage.SweepAsync();
        Assert.Equal("One and only.|One and only.|test|7|small|0|t", await stage.SourcesAsync(_client));
        var job = await stage.JobAsync(memory.Id);
        Assert.Equal((PromotionState.Extracted, 0), (job.State, job.Attempts));
        Assert.StartsWith("not_now: ", job.LastError, StringComparison.Ordinal);
        await stage.Database.PsqlAsync("drop trigger stumble on fact_sources; drop function stumble()");
        // Another version finds other things, and in another order.
        stage.Extractor.Version = "8";

        stage.Clock.Advance(job.NextAttemptAt!.Value - stage.Clock.GetUtcNow());
        await stage.SweepAsync();

        stage.Extractor.Version = "7";
        Assert.Equal(
            """
            One and only.|One and only.|test|7|small|0|t
            Two of them.|Two of them.|test|7|small|1|f
            Three of them.|Three of them.|test|7|small|2|f
            """, await stage.SourcesAsync(_client));
    }

    [Theory]
    [InlineData("update events set content = 'user Dee d: Four of them.\nuser Eve e: Five of them.' where id = '{0}'", "7")]
    [InlineData("update events set content = 'user Dee d: Four of them.\nuser Eve e: Five of them.' where id = '{0}'", "8")]
    [InlineData("update promotion_jobs set result = '[]' where event_id = '{0}'", "8")]
    public async Task of_what_was_interrupted_between_two_facts_nothing_is_found_anew_when_it_cannot_go_on(string change, string version)
    {
        await stage.Database.PsqlAsync(
            """
            create function stumble() returns trigger language plpgsql as $f$
            begin
                raise exception 'no' using errcode = 'lock_not_available';
            end $f$;
            create trigger stumble before insert on fact_sources for each row when (new.ordinal = 1) execute function stumble();
            """);
        var memory = await stage.RememberAsync(_client, "user Ada a: One and only.\nuser Bob b: Two of them.\nuser Cid c: Three of them.");
        await stage.SweepAsync();
        await stage.Database.PsqlAsync("drop trigger stumble on fact_sources; drop function stumble()");
        await stage.Database.PsqlAsync(string.Format(CultureInfo.InvariantCulture, change, memory.Id));
        stage.Extractor.Version = version;

        stage.Clock.Advance(TimeSpan.FromHours(2));
        await stage.SweepAsync();

        stage.Extractor.Version = "7";
        Assert.StartsWith("One and only.|", await stage.SourcesAsync(_client), StringComparison.Ordinal);
        Assert.Single((await stage.JobAsync(memory.Id)).FactIds);
        Assert.Equal(PromotionState.Done, (await stage.JobAsync(memory.Id)).State);
    }

    [Fact]
    public async Task what_was_applied_and_not_ended_is_not_applied_again_whatever_became_of_it()
    {
        await stage.Database.PsqlAsync(
            """
            create table kept (event_id uuid, result jsonb);
            create function keep() returns trigger language plpgsql as $f$ begin insert into kept values (new.event_id, new.result); return null; end $f$;
            create trigger keep after update on promotion_jobs for each row when (new.state = 'extracted') execute function keep();
            """);
        var memory = await stage.RememberAsync(_client, "user Ada a: One and only.\nuser Ada b: Two of them.\nuser Ada b: Really two of them.");
        await stage.SweepAsync();
        var facts = (await stage.JobAsync(memory.Id)).FactIds;
        await stage.Subject(_client, "Ada").RetractAsync(new(facts[0], "never true", new("tester")), TestContext.Current.CancellationToken);
        await stage.Database.PsqlAsync(
            $"drop trigger keep on promotion_jobs; update promotion_jobs j set state = 'extracted', result = k.result from kept k where k.event_id = j.event_id and j.event_id = '{memory.Id}'");

        await stage.SweepAsync();

        Assert.StartsWith("Two of them.|", await stage.FactsAsync(_client), StringComparison.Ordinal);
        Assert.Equal("3|2", await stage.Database.PsqlAsync($"select count(*), count(distinct fact_id) from fact_sources where event_id = '{memory.Id}'"));
        Assert.Equal(PromotionState.Done, (await stage.JobAsync(memory.Id)).State);
    }

    [Fact]
    public async Task two_facts_of_one_span_that_are_one_fact_are_both_known_to_be_recorded()
    {
        var memory = await stage.RememberAsync(_client, "user Ada a: One and only.\nuser Ada a: Really one and only.");
        stage.Extractor.Bends = (_, fact) => fact with { SpanStart = 12, SpanEnd = 25 };
        await stage.SweepAsync();
        stage.Extractor.Bends = (_, fact) => fact;

        Assert.Equal("0|1", await stage.Database.PsqlAsync($"select min(ordinal), max(ordinal) from fact_sources where event_id = '{memory.Id}'"));
        var fact = Assert.Single((await stage.JobAsync(memory.Id)).FactIds);
        Assert.Equal(1, (await stage.Queries.FindKnownAsync(fact, new(default), null, TestContext.Current.CancellationToken))!.ProofCount);
    }

    private static string EventsOf(int[] numbers)
    {
        var sql = new StringBuilder("insert into events (client_id, content, salience_score, occurred_at) values ");
        sql.AppendJoin(", ", numbers.Select(n =>
            $"""
            ('c{n % 5}', 'Say. user S{n % 10} note{n}: Fact number {n} 🍵.
            user S{n % 10} hours#work: Works by plan {n}.
            user T{n} other: Another fact number {n}.', 0.8, timestamptz '2026-01-01' + {n} * interval '1 hour')
            """));
        return sql.ToString();
    }

    // Until so many more are recorded, or nothing is left.
    private static async Task RecordedAsync(TestDatabase database, int more)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var before = await CountAsync(database, "select count(*) from fact_sources");
        while (await CountAsync(database, "select count(*) from fact_sources") < before + more
            && await CountAsync(database, "select count(*) from promotion_jobs where state <> 'done'") > 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task<int> CountAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return Convert.ToInt32(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
