using System.Globalization;
using System.Text;
using Actors.Facts;
using Actors.Support;

namespace Actors.Grains.Tests.Promotion;

/// <summary>Each fact is recorded once, with its span, whatever ends at any moment. Each event of these tests gives three facts.</summary>
public sealed class KilledPromotionTests
{
    private const int Events = 100;

    private static readonly KillMoment[] Moments = Enum.GetValues<KillMoment>();

    [Fact]
    public async Task of_100_events_promoted_by_processes_that_are_killed_in_every_state_each_fact_is_there_once_with_its_span()
    {
        await using var scene = await KillScene.StartAsync();
        var random = new Random(20261126);
        var numbers = Shuffled(Enumerable.Range(0, Events), random);
        foreach (var (ofRound, moment) in numbers.Chunk(10).Zip(Moments.Concat(Moments)))
        {
            await scene.Database.PsqlAsync(DifferentFactsOf(ofRound));
            await scene.KillAtAsync(moment, byRules: false, more: random.Next(1, 10));
        }

        await EndAsync(scene, byRules: false);
        await AssertDifferentFactsAsync(scene.Database);
    }

    [Fact]
    public async Task of_100_events_that_repeat_and_contradict_each_other_each_fact_is_proved_by_all_that_say_it_and_ends_where_the_next_begins()
    {
        await using var scene = await KillScene.StartAsync();
        var random = new Random(26112026);
        var said = Shuffled(RetoldFacts.Say(), random);
        Assert.Equal(Events, said.Length);
        foreach (var (ofRound, moment) in said.Chunk(10).Zip(Moments.Concat(Moments)))
        {
            await scene.Database.PsqlAsync(RetoldFacts.SqlOf(ofRound));
            await scene.KillAtAsync(moment, byRules: true, more: random.Next(1, 10));
        }

        await EndAsync(scene, byRules: true);
        await AssertRetoldFactsAsync(scene.Database, said);
    }

    [Fact]
    public async Task of_100_events_promoted_by_two_processes_at_once_each_fact_is_there_once_with_its_span_also_when_one_is_killed()
    {
        await using var scene = await KillScene.StartAsync();
        var random = new Random(27112026);
        foreach (var (round, ofRound) in Shuffled(Enumerable.Range(0, Events), random).Chunk(Events / 4).Index())
        {
            await scene.Database.PsqlAsync(DifferentFactsOf(ofRound));
            await RunTwoAsync(scene, $"sweeper{round}", byRules: false, killsOneAfter: round < 3 ? random.Next(30) : null);
        }

        await AssertDifferentFactsAsync(scene.Database);
    }

    private static T[] Shuffled<T>(IEnumerable<T> items, Random random)
    {
        var shuffled = items.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    private static async Task EndAsync(KillScene scene, bool byRules)
    {
        using var last = await SweeperToKill.StartAsync(scene.Database, byRules);
        await scene.AllDoneAsync();
        await scene.KillAsync(last);
    }

    // One holds four of the clients when the other finds all of them due; of the fifth that one is the first to record something.
    private static async Task RunTwoAsync(KillScene scene, string name, bool byRules, int? killsOneAfter)
    {
        await scene.HoldAsync(KillMoment.NoneRecorded);
        using var first = await SweeperToKill.StartAsync(scene.Database, byRules, $"{name}a");
        using var second = await SweeperToKill.StartAsync(scene.Database, byRules, $"{name}b");
        await scene.ReleaseAsync(processes: 2);
        if (killsOneAfter is { } recorded)
        {
            await scene.UntilAsync($"select count(*) > {recorded} from at_work where starts_with(name, '{name}')");
            await scene.KillAsync(first, $"{name}a");
        }

        await scene.AllDoneAsync();
        await scene.KillAsync(second, $"{name}b");
        if (killsOneAfter is null)
        {
            await scene.KillAsync(first, $"{name}a");
            Assert.Equal("2", await scene.Database.PsqlAsync($"select count(distinct substr(name, 1, {name.Length + 1})) from at_work where starts_with(name, '{name}')"));
        }
    }

    private static string DifferentFactsOf(int[] numbers)
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

    private static async Task AssertDifferentFactsAsync(TestDatabase database)
    {
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

    private static async Task AssertRetoldFactsAsync(TestDatabase database, Told[] said)
    {
        Assert.Equal(string.Join('\n', RetoldFacts.Expected(said)), await database.PsqlAsync(
            """
            select f.client_id, f.subject_id, f.content, extract(epoch from f.valid_from)::bigint, coalesce(extract(epoch from f.valid_to)::bigint::text, '-'),
                   count(distinct s.event_id), string_agg(substr(e.content, s.span_start + 1, s.span_end - s.span_start), '; ' order by substr(e.content, s.span_start + 1, s.span_end - s.span_start) collate "C")
            from facts f join fact_sources s on s.fact_id = f.id join events e on e.id = s.event_id
            group by f.id order by f.client_id, f.subject_id, f.content collate "C"
            """));
        await using var host = await GrainHost.StartAsync(database);
        var queries = host.Grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key);
        foreach (var id in (await database.PsqlAsync("select id from facts")).Split('\n'))
        {
            var known = await queries.FindKnownAsync(Guid.Parse(id, CultureInfo.InvariantCulture), new(default), null, TestContext.Current.CancellationToken);
            Assert.Equal(RetoldFacts.Tellings, known!.ProofCount);
        }
    }
}
