using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Actors.Support;
using Npgsql;

namespace Actors.Api.Tests.Facts;

/// <summary>Compares what can be read about a client's facts with what the oracle believes.</summary>
internal sealed class BitemporalReader(HttpClient service, TestDatabase database, string client, BitemporalOracle oracle)
{
    private const int SqlPoints = 40;
    private const int ListPoints = 8;
    private const int RecallPoints = 3;
    private const int EveryWord = 100;

    public static string Name(BitemporalOracle oracle, Guid id) =>
        oracle.Made.ToList().IndexOf(id) is >= 0 and var index ? $"fact {index + 1}" : $"fact {id}";

    /// <summary>Compares SQL, lists and recall at random points of both axes.</summary>
    /// <param name="random">Chooses the points.</param>
    /// <param name="far">Instants before and after everything.</param>
    public async Task CompareAsync(Random random, DateTimeOffset[] far)
    {
        var points = Points(random, far, SqlPoints);
        await CompareSqlAsync(points);
        await CompareIntervalsAsync();
        foreach (var point in points.Take(ListPoints))
        {
            await CompareListAsync(point, random.Next(1, 3), random.Next(3), random.Next(3) == 0 ? 2 : 500);
        }

        foreach (var point in points.TakeLast(RecallPoints))
        {
            await CompareRecallAsync("tea", point);
        }

        await CompareRecallAsync($"note{random.Next(1, 13)}", points[0]);
        if (oracle.Made.Count > 0)
        {
            var fact = oracle.Made[random.Next(oracle.Made.Count)];
            await CompareOneAsync(fact, points[0]);
            await CompareHistoryAsync(fact);
        }
    }

    /// <summary>Compares what holds now.</summary>
    public async Task CompareNowAsync(bool andRecall)
    {
        await CompareListAsync(default, 1, 0, 500);
        if (andRecall)
        {
            await CompareRecallAsync("tea", default);
        }
    }

    // Every recorded instant and every bound of valid time, a microsecond before and after, now, and far away.
    private List<Point> Points(Random random, DateTimeOffset[] far, int count)
    {
        var recorded = Around(oracle.Log.Select(entry => (DateTimeOffset?)entry.RecordedAt), far);
        var bounds = Around(oracle.Log.SelectMany(entry => new[] { entry.Belief?.From, entry.Belief?.To }), far);
        return [.. Enumerable.Range(0, count).Select(_ => new Point(bounds[random.Next(bounds.Count)], recorded[random.Next(recorded.Count)]))];
    }

    private static List<DateTimeOffset?> Around(IEnumerable<DateTimeOffset?> instants, DateTimeOffset[] far) =>
    [
        .. instants.OfType<DateTimeOffset>().Distinct()
            .SelectMany(instant => new DateTimeOffset?[] { instant - Instants.Microsecond, instant, instant + Instants.Microsecond }),
        null, null, null, .. far,
    ];

    private async Task CompareSqlAsync(List<Point> points)
    {
        await using var command = database.DataSource.CreateCommand(
            """
            select point.n, belief.id, content, valid_from, valid_to
            from unnest($2, $3) with ordinality as point (as_of, known_at, n)
            cross join lateral (
                select id, content, valid_from, valid_to from facts where client_id = $1 and recorded_at <= known_at
                union all
                select fact_id, content, valid_from, valid_to from fact_versions
                where client_id = $1 and recorded_at <= known_at and known_at < retracted_at) as belief
            where valid_from <= as_of and (valid_to is null or as_of < valid_to)
            """);
        var now = Instants.Now();
        command.Parameters.Add(new NpgsqlParameter { Value = client });
        command.Parameters.Add(new NpgsqlParameter { Value = points.Select(point => point.AsOf ?? now).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = points.Select(point => point.KnownAt ?? now).ToArray() });
        var read = points.Select(_ => new List<string>()).ToList();
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync())
        {
            read[(int)rows.GetInt64(0) - 1].Add(Line(
                rows.GetGuid(1), rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3), await rows.IsDBNullAsync(4) ? null : rows.GetFieldValue<DateTimeOffset>(4)));
        }

        foreach (var (point, lines) in points.Zip(read))
        {
            Compare($"SQL on facts and fact_versions, {point}", Expected(point, fact => fact.HoldsAt(point.AsOf ?? now)), lines);
        }
    }

    private async Task CompareIntervalsAsync()
    {
        await using var command = database.DataSource.CreateCommand(
            """
            select id, content, valid_from, valid_to, superseded_by, recorded_at, null, null from facts where client_id = $1
            union all
            select fact_id, content, valid_from, valid_to, superseded_by, recorded_at, retracted_at, operation from fact_versions where client_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = client });
        var read = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync())
        {
            var times = Enumerable.Range(2, 5).Select(i => i == 4 || rows.IsDBNull(i) ? null : (DateTimeOffset?)rows.GetFieldValue<DateTimeOffset>(i)).ToArray();
            var successor = await rows.IsDBNullAsync(4) ? null : (Guid?)rows.GetGuid(4);
            read.Add(Interval(rows.GetGuid(0), rows.GetString(1), times[0]!.Value, times[1], successor, times[3]!.Value, times[4], rows[7] as string));
        }

        Compare("All beliefs in facts and fact_versions", Intervals(oracle.Made), read);
    }

    // The beliefs of a fact follow each other; where nothing is believed there is a gap.
    private IEnumerable<string> Intervals(IEnumerable<Guid> facts) =>
        from fact in facts
        let beliefs = oracle.Log.Where(entry => entry.Id == fact).ToList()
        from span in beliefs.Zip(beliefs.Skip(1).Append(null))
        where span.First.Belief is not null
        let belief = span.First.Belief
        select Interval(
            fact, belief.Content, belief.From, belief.To, belief.Successor, span.First.RecordedAt, span.Second?.RecordedAt, span.Second?.Operation);

    private async Task CompareListAsync(Point point, int subject, int include, int limit)
    {
        var (name, isIncluded) = new (string, Func<Belief, DateTimeOffset, bool>)[]
        {
            ("current", (fact, at) => fact.HoldsAt(at)), ("history", (fact, at) => fact.HasEndedBy(at)), ("all", (_, _) => true),
        }[include];
        var query = $"/api/v1/memory/facts?subject_type={BitemporalApiWriter.SubjectType}&subject_id={BitemporalApiWriter.SubjectId(client, subject)}&include={name}&limit={limit}{point.Query}";
        var read = new List<string>();
        var cursor = "";
        do
        {
            var page = await GetAsync(query + cursor);
            read.AddRange(page["items"]!.AsArray().Select(Line));
            cursor = page["next_cursor"] is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        Compare(query, Expected(point, fact => fact.Subject == subject && isIncluded(fact, point.AsOf ?? Instants.Now())), read);
    }

    private async Task CompareRecallAsync(string word, Point point)
    {
        var query = $"/api/v1/memory/recall?client_id={client}&query={word}&k={EveryWord}{point.Query}";
        var answer = await GetAsync(query);
        var expected = Expected(point, fact => fact.HoldsAt(point.AsOf ?? Instants.Now()) && fact.Content.Split(' ').Contains(word));
        Compare(query, expected, answer["results"]!.AsArray().Select(Line));
    }

    private async Task CompareOneAsync(Guid fact, Point point)
    {
        var path = $"/api/v1/memory/facts/{fact}{(point.KnownAt is null ? "" : $"?known_at={Instants.Text(point.KnownAt)}")}";
        using var response = await service.GetAsync(path, TestContext.Current.CancellationToken);
        var read = response.StatusCode == HttpStatusCode.NotFound
            ? []
            : new[] { Line(await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken)) };
        Compare(path, Expected(point, belief => belief.Id == fact), read);
    }

    // Told with it are the facts before and after it.
    private async Task CompareHistoryAsync(Guid fact)
    {
        var path = $"/api/v1/memory/facts/{fact}/history";
        var history = await GetAsync(path);
        var read =
            from item in history["items"]!.AsArray()
            let told = item!["fact"]!
            where (Guid)told["fact_id"]! == fact
            select Interval(
                fact, (string)told["content"]!, (DateTimeOffset)told["valid_from"]!, (DateTimeOffset?)told["valid_to"], (Guid?)told["superseded_by"],
                (DateTimeOffset)told["recorded_at"]!, (DateTimeOffset?)told["retracted_at"], (string?)item["ended_by"]);
        Compare(path, Intervals([fact]), read);
    }

    private IEnumerable<string> Expected(Point point, Func<Belief, bool> isAsked) =>
        oracle.BelievedAt(point.KnownAt).Where(isAsked).Select(fact => Line(fact.Id, fact.Content, fact.From, fact.To));

    private static void Compare(string what, IEnumerable<string> expected, IEnumerable<string> read)
    {
        var (should, does) = (string.Join('\n', expected.Order(StringComparer.Ordinal)), string.Join('\n', read.Order(StringComparer.Ordinal)));
        if (should != does)
        {
            throw new BitemporalDifference($"{what}\nshould show\n{should}\nand shows\n{does}");
        }
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using var response = await service.GetAsync(path, TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!
            : throw new BitemporalDifference($"{path}\nanswers {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    private string Line(JsonNode? fact) =>
        Line((Guid)fact!["fact_id"]!, (string)fact["content"]!, (DateTimeOffset)fact["valid_from"]!, (DateTimeOffset?)fact["valid_to"]);

    private string Line(Guid id, string content, DateTimeOffset from, DateTimeOffset? to) =>
        $"  {Name(oracle, id)} '{content}' {Instants.Text(from)} to {Instants.Text(to)}";

    private string Interval(
        Guid id, string content, DateTimeOffset from, DateTimeOffset? to, Guid? successor, DateTimeOffset recordedAt, DateTimeOffset? retractedAt, string? endedBy) =>
        $"{Line(id, content, from, to)}, then {(successor is { } next ? Name(oracle, next) : "nothing")}; believed {Instants.Text(recordedAt)} to {Instants.Text(retractedAt)}{(endedBy is null ? "" : $", ended by {endedBy}")}";

    /// <summary>A point on both axes; null: now.</summary>
    private readonly record struct Point(DateTimeOffset? AsOf, DateTimeOffset? KnownAt)
    {
        public string Query => $"{(AsOf is null ? "" : $"&as_of={Instants.Text(AsOf)}")}{(KnownAt is null ? "" : $"&known_at={Instants.Text(KnownAt)}")}";

        public override string ToString() => $"as of {(AsOf is null ? "now" : Instants.Text(AsOf))}, known at {(KnownAt is null ? "now" : Instants.Text(KnownAt))}";
    }
}
