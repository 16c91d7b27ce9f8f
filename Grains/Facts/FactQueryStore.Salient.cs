using System.Collections.Immutable;
using Actors.Access;
using Actors.Storage;
using static Actors.Storage.SqlValues;

namespace Actors.Facts;

internal sealed partial class FactQueryStore
{
    private const string SelectMostSalient =
        $"""
        select {FactRow.Columns} from facts f
        where {IsVisible} and (lower(f.fact_type) = any ($2) or lower(f.category) = any ($2))
          and f.valid_from <= greatest($3, f.recorded_at) and (f.valid_to is null or f.valid_to > greatest($3, f.recorded_at))
        order by f.salience_score desc, f.created_at desc, f.id desc limit $4
        """;

    /// <summary>Facts that hold now and whose type or category is one of some names in lower case, the most salient first.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<FactRecord>> MostSalientAsync(
        ClientVisibility visibility, ImmutableArray<string> kinds, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.SelectAsync(
            SelectMostSalient, reader => FactRow.Read(reader), cancellationToken, Texts(visibility.ClientIds), Texts(kinds), Time(now), Integer(limit));
}
