using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Facts;

internal sealed partial class FactQueryStore
{
    // Nothing that was recorded lies ahead of now, even where the clock of whoever recorded it was fast, or ours went back.
    private const string AsOf = "coalesce($3, greatest($4, f.recorded_at))";

    private const string Holds = $"(f.valid_from <= {AsOf} and (f.valid_to is null or f.valid_to > {AsOf}))";

    private const string PageFilters =
        $"""
            ($5::text is null or f.subject_type = $5)
        and ($6::text is null or f.subject_id = $6)
        and ($7::text is null or f.fact_type = $7)
        and ($8::text is null or f.category = $8)
        and ($9::text is null or f.fact_key = $9)
        and case $10 when 'Current' then {Holds} when 'History' then f.valid_to <= {AsOf} else true end
        and (f.created_at, f.id) < ($11, $12)
        """;

    private static readonly string SelectPageNow = PageOfAll(BelievedNow);
    private static readonly string SelectPageThen = PageOfAll(StillBelieved, NoLongerBelieved);
    private static readonly string SelectClientsPageNow = PageOfClients(BelievedNow);
    private static readonly string SelectClientsPageThen = PageOfClients(StillBelieved, NoLongerBelieved);

    // Later than any fact: the first page starts there.
    private static readonly FactPosition Newest = new(new DateTimeOffset(9998, 12, 31, 0, 0, 0, TimeSpan.Zero), Guid.Empty);

    /// <summary>One page, newest first: up to the limit, or to where it holds 8,388,608 characters.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<FactPage> ListAsync(FactListRequest request, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                var page = await ReadPageAsync(connection, request, now, cancellationToken);
                // Afterwards: what is deleted meanwhile may be missing from the page.
                return page with { ReachesBehindRetention = await ReachesBehindRetentionAsync(connection, request.Visibility, request.KnownAt, cancellationToken) };
            },
            cancellationToken);

    private static async Task<FactPage> ReadPageAsync(
        NpgsqlConnection connection, FactListRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(PageStatement(request), connection);
        AddClients(select, request.Visibility);
        AddTime(select, request.KnownAt);
        AddTime(select, request.AsOf);
        AddTime(select, now);
        Add(select, NpgsqlDbType.Text, request.SubjectType);
        Add(select, NpgsqlDbType.Text, request.SubjectId);
        Add(select, NpgsqlDbType.Text, request.FactType);
        Add(select, NpgsqlDbType.Text, request.Category);
        Add(select, NpgsqlDbType.Text, request.FactKey);
        Add(select, NpgsqlDbType.Text, request.Include.ToString());
        var after = request.After ?? Newest;
        AddTime(select, after.CreatedAt);
        Add(select, NpgsqlDbType.Uuid, after.Id);
        Add(select, NpgsqlDbType.Integer, request.Limit + 1);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var facts = new List<FactRecord>(request.Limit);
        var characters = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (facts.Count == request.Limit || characters >= Database.MaxPageCharacters)
            {
                return new FactPage([.. facts], new FactPosition(facts[^1].CreatedAt, facts[^1].Id));
            }

            facts.Add(FactRow.Read(reader));
            characters += facts[^1].Content.Length + facts[^1].MetadataJson.Length;
        }

        return new FactPage([.. facts], null);
    }

    private static string PageStatement(FactListRequest request) => (request.Visibility.ClientIds.IsDefault, request.KnownAt) switch
    {
        (true, null) => SelectPageNow,
        (true, _) => SelectPageThen,
        (false, null) => SelectClientsPageNow,
        (false, _) => SelectClientsPageThen,
    };

    // Each source is cut to a page by itself, so that the newest facts come from the end of an index where there is one.
    private static string PageOfAll(params string[] sources) => PageOf(sources.Select(source =>
        $"""
        (select * from {source} f where {PageFilters}
         order by f.created_at desc, f.id desc limit $13)
        """));

    // "is null" does not tell the planner that client_id has one value; as the first of the order, it fits the index.
    private static string PageOfClients(params string[] sources) => PageOf(sources.Select(source =>
        $"""
        select f.* from unnest($1) as visible (id) cross join lateral (
            select * from {source} f where f.client_id = visible.id and {PageFilters}
            order by f.created_at desc, f.id desc limit $13) f
        union all
        (select * from {source} f where f.client_id is null and {PageFilters}
         order by f.client_id desc, f.created_at desc, f.id desc limit $13)
        """));

    private static string PageOf(IEnumerable<string> parts) =>
        $"""
        select {FactRow.BeliefColumns} from (
            select * from ({string.Join(" union all ", parts)}) f order by f.created_at desc, f.id desc limit $13) f
        order by f.created_at desc, f.id desc
        """;
}
