using System.Collections.Immutable;
using Actors.Access;

namespace Actors.Promotion;

/// <summary>Reads of promotions. Stateless; key: <see cref="Key"/>.</summary>
/// <remarks>Every method throws <see cref="Storage.StorageUnavailableException"/> when Postgres cannot be reached; repeat later.</remarks>
[Alias("IPromotionQueryGrain")]
public interface IPromotionQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "promotions";

    /// <summary>One page of promotions, the newest event first.</summary>
    [Alias("List")]
    Task<PromotionPage> ListAsync(PromotionListRequest request, CancellationToken cancellationToken);

    /// <summary>The promotion of one event; null when there is none, or it is not visible.</summary>
    [Alias("Find")]
    Task<PromotionRecord?> FindAsync(Guid eventId, ClientVisibility visibility, CancellationToken cancellationToken);
}

/// <summary>Which promotions to list.</summary>
/// <param name="Visibility">Whose.</param>
/// <param name="State">Only those in this state; null: all.</param>
/// <param name="Limit">Most on the page: 1 to 500.</param>
/// <param name="After">Event of the last of the page before; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("PromotionListRequest")]
public sealed record PromotionListRequest(
    [property: Id(0)] ClientVisibility Visibility, [property: Id(1)] PromotionState? State, [property: Id(2)] int Limit, [property: Id(3)] Guid? After);

/// <summary>One page of promotions.</summary>
/// <param name="Promotions">The promotions.</param>
/// <param name="HasMore">Whether there are more.</param>
[GenerateSerializer, Immutable, Alias("PromotionPage")]
public sealed record PromotionPage([property: Id(0)] ImmutableArray<PromotionRecord> Promotions, [property: Id(1)] bool HasMore);
