using System.Globalization;
using Actors.Support;

namespace Actors.Api.Tests.Facts;

/// <summary>
/// Lets one history happen to a client of its own, through the API and by SQL, compares each answer with what the oracle
/// decides, and in the end what is believed with what the oracle believes.
/// </summary>
internal sealed partial class BitemporalRun
{
    private readonly BitemporalOracle _oracle = new();
    private readonly BitemporalSqlWriter _sql;
    private readonly TestDatabase _database;
    private readonly string _client;
    private readonly DateTimeOffset _beginning = Instants.Now();
    private readonly List<string> _story = [];
    private BitemporalApiWriter _api;
    private BitemporalReader _reader;
    private int _operations;
    private int _contents;

    // What SQL wrote reaches recall with the next write through the API, or a restart.
    private bool _isRecallBehind;

    public BitemporalRun(HttpClient service, TestDatabase database, string client)
    {
        (_database, _client, _sql) = (database, client, new(database, client));
        (_api, _reader) = (new(service, client), new(service, database, client, _oracle));
    }

    /// <summary>Goes on with the service as it was started again.</summary>
    public void Restarted(HttpClient service)
    {
        Tell("The service is started again.");
        (_api, _reader) = (new(service, _client), new(service, _database, _client, _oracle));
        _isRecallBehind = false;
    }

    public Task HappenAsync(IEnumerable<Operation> operations) => TellAsync(async () =>
    {
        foreach (var operation in operations)
        {
            _story.Add($"{++_operations}. {operation}");
            await DoAsync(operation);
        }
    });

    /// <summary>Compares what is believed at random points of both axes.</summary>
    public Task LookAsync(int seed) => TellAsync(async () =>
    {
        if (_isRecallBehind)
        {
            await _api.RememberAsync($"Nothing in particular, {++_contents}.");
            _isRecallBehind = false;
        }

        await _reader.CompareAsync(new Random(seed), [_beginning - TimeSpan.FromHours(1), _beginning + TimeSpan.FromDays(40)]);
    });

    private void Apply(string operation, Decision decision, Outcome outcome)
    {
        if (outcome.Refusal is { } refusal)
        {
            Tell($"-> {refusal}{(outcome.CurrentFactId is { } current ? $" with {Name(current)}" : "")}");
        }

        if (decision.Refusals is { IsEmpty: false } refusals)
        {
            Expect(
                refusals.Any(expected => expected.IsMetBy(outcome)),
                $"should have been refused with {string.Join(" or ", refusals.Select(expected => expected.ToString(Name)))}");
            return;
        }

        Expect(outcome.Refusal is null, "should not have been refused");
        foreach (var (id, belief) in decision.Effects.Where(effect => effect.Belief != _oracle.Find(effect.Id)))
        {
            var at = outcome.RecordedAtOf(id);
            Expect(_oracle.FindLast(id) is null || at > _oracle.RecordedAt(id), $"was recorded at {Instants.Text(at)}, not after the belief it ended");
            _oracle.Append(new LogEntry(at, id, belief, operation));
            Tell($"{Instants.Text(at)}: {Name(id)} is {(belief is null ? "believed no more" : $"'{belief.Content}' {Instants.Text(belief.From)} to {Instants.Text(belief.To)}")}");
            // A retraction answers with the belief that it ended.
            var last = _oracle.FindLast(id)!;
            Expect(outcome.Answered is not { } answered || answered.Id != id || answered == (id, last.From, last.To), $"was answered with {outcome.Answered}");
        }
    }

    private string NextContent() => $"tea note{++_contents}";

    private string Name(Guid? id) => id is { } known ? BitemporalReader.Name(_oracle, known) : "no fact";

    // The how-many-eth fact that was made; some id when there is none yet.
    private Guid IdOf(int fact) => _oracle.Made.Count == 0 ? Guid.CreateVersion7() : _oracle.Made[(fact - 1) % _oracle.Made.Count];

    private DateTimeOffset? Resolve(Moment? moment)
    {
        var anchor = moment?.Anchor switch
        {
            Anchor.FactStart => _oracle.FindLast(IdOf(moment.Fact))?.From,
            Anchor.FactEnd => _oracle.FindLast(IdOf(moment.Fact))?.To,
            _ => null,
        };
        return (anchor ?? _beginning) + moment?.Offset;
    }

    private static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new BitemporalDifference($"The last operation {what}.");
        }
    }

    private void Tell(string what) => _story.Add($"      {what}");

    private async Task TellAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (BitemporalDifference difference)
        {
            Assert.Fail($"{difference.Message}\nIt began at {Instants.Text(_beginning)}:\n{string.Join('\n', _story)}");
        }
    }
}

/// <summary>Service or database did something else than the oracle.</summary>
internal sealed class BitemporalDifference(string message) : Exception(message);

/// <summary>Times of facts: whole microseconds.</summary>
internal static class Instants
{
    public static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    public static DateTimeOffset Now()
    {
        var now = TimeProvider.System.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    public static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;

    public static string Text(DateTimeOffset? instant) =>
        instant?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture) ?? "open";
}
