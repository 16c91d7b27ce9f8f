using System.Diagnostics;
using System.Globalization;
using Actors.Support;

namespace Actors.Bench.Http;

/// <summary>
/// What it costs a memory to be important: a job that looks for facts in it, and its way to Zep, of which there is far less than there are memories.
/// Each service has a database of its own, and looks for no facts while the others are measured; that comes last.
/// </summary>
internal sealed class ImportantBench(HttpStage stage) : IHttpBench
{
    private const int PerMinute = 40;

    // Longer than a memory waits for it.
    private static readonly TimeSpan Latency = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly Sequence _sequence = new();
    private readonly List<(Npgsql.NpgsqlDataSource Database, RememberRequests[] Requests)> _written = [];
    private FakeZep _zep = null!;
    private OtherService _waiting = null!;
    private OtherService _sending = null!;

    public async Task<Series[]> PrepareAsync()
    {
        _zep = await FakeZep.StartAsync();
        (_zep.Quirks.RequestsPerMinute, _zep.Quirks.Latency) = (PerMinute, Latency);
        string[] withoutPromotion = ["--Promotion:Enabled", "false"];
        _waiting = await stage.StartServiceAsync("waiting", withoutPromotion);
        _sending = await stage.StartServiceAsync(
            "sending", [.. withoutPromotion, "--Zep:BaseUrl", _zep.BaseUrl, "--Zep:ApiKey", FakeZep.Key, "--Zep:MonthlyCalls", "0", "--Zep:PollInterval", "00:00:00.2"]);
        var own = new OtherService(stage.Service.Address, stage.Key, stage.Database);
        var usual = Requests(own, "usual", RememberRequests.Usual);
        var important = Requests(_waiting, "waiting", RememberRequests.Important);
        var sent = Requests(_sending, "sent", RememberRequests.Important);
        var promoted = Requests(own, "promoted", RememberRequests.Important);
        return
        [
            new("remember, a client each", [.. HttpBench.Connections.Select(connections => new Level(
                connections,
                new Contender("usual", Load(own, usual, connections)),
                new Contender("important", Load(_waiting, important, connections)),
                new Contender("important, Zep over quota", Load(_sending, sent, connections))))]),
            new("remember, a client each, while facts are looked for", new Level(
                HttpBench.Connections[^1],
                new Contender("usual", Load(own, usual, HttpBench.Connections[^1])),
                new Contender("important", duration => PromotedAsync(own, promoted, duration)))),
        ];
    }

    public async Task<string> VerifyAsync()
    {
        var (acknowledged, stored) = (0L, 0L);
        foreach (var (database, requests) in _written)
        {
            acknowledged += requests.Sum(one => one.Acknowledged);
            await using var count = database.CreateCommand("select count(*) from events where client_id = any ($1)");
            count.Parameters.AddWithValue(requests.Select(one => one.ClientId).ToArray());
            stored += (long)(await count.ExecuteScalarAsync())!;
        }

        await using var left = stage.Database.CreateCommand("select count(*) from promotion_jobs where state = 'waiting'");
        var waiting = (long)(await left.ExecuteScalarAsync())!;
        var (calls, seconds) = await DrainAsync();
        var sent = await ScalarAsync("select count(*) from events");
        var isComplete = acknowledged == stored && waiting > 0 && sent == _zep.Messages.Count && sent == _zep.Messages.Select(message => message.MemoryId).Distinct().Count();
        await _waiting.DisposeAsync();
        await _sending.DisposeAsync();
        await _zep.DisposeAsync();
        return HttpBench.Verified(
            isComplete,
            string.Create(CultureInfo.InvariantCulture, $"{acknowledged} memories acknowledged, {stored} stored, {waiting} still to be looked through; {calls} calls of Zep meanwhile, {sent} memories sent, each once, within {seconds:0} s of the quota's end"));
    }

    // Facts are looked for once a minute: the first of these measurements, which is none that counts, ends when that has begun, and has stored more than is done with until the last.
    private static async Task<Measurement> PromotedAsync(OtherService service, RememberRequests[] requests, TimeSpan duration)
    {
        var measurement = await HttpLoad.RunAsync(service.Address, requests, duration);
        await using var isAtWork = service.Database.CreateCommand("select exists (select from promotion_jobs where state = 'done')");
        while (!(bool)(await isAtWork.ExecuteScalarAsync())!)
        {
            await Task.Delay(BetweenLooks);
        }

        return measurement;
    }

    // The minute that has begun is over before the quota's end is known.
    private async Task<(int Calls, double Seconds)> DrainAsync()
    {
        var calls = _zep.Calls.Count;
        Progress.Show("Sending to Zep what waits");
        (_zep.Quirks.RequestsPerMinute, _zep.Quirks.Latency) = (int.MaxValue, TimeSpan.Zero);
        var started = Stopwatch.GetTimestamp();
        while (await ScalarAsync("select count(*) from outbox") > 0)
        {
            await Task.Delay(BetweenLooks);
        }

        return (calls, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = _sending.Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private RememberRequests[] Requests(OtherService service, string prefix, double salience)
    {
        var requests = Enumerable.Range(0, HttpBench.Connections[^1])
            .Select(connection => new RememberRequests($"{prefix}-{connection}", service.Key, _sequence, salience)).ToArray();
        _written.Add((service.Database, requests));
        return requests;
    }

    private static Func<TimeSpan, Task<Measurement>> Load(OtherService service, RememberRequests[] requests, int connections) =>
        duration => HttpLoad.RunAsync(service.Address, requests[..connections], duration);
}
