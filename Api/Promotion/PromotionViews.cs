using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Actors.OpenApi;

namespace Actors.Promotion;

[Description("What became of an important memory on its way to facts.")]
internal sealed record PromotionView(
    [Description("The memory.")] Guid MemoryId,
    [Description("Whose it is.")] string ClientId,
    [Description("`waiting`: it has not been looked through. `extracted`: what was found is being recorded. `done`. `failed`: given up until somebody asks for it again."),
     ValuesOf(typeof(PromotionView), nameof(PromotionView.States))] string State,
    [Description("Attempts that failed and count towards giving up.")] int Attempts,
    [Description("Not before; null: as soon as it is its turn, or never.")] DateTimeOffset? NextAttemptAt,
    [Description("Why the last attempt failed: a word, a colon, a sentence. Null: it did not.")] string? LastError,
    [Description("Who looked for facts; null: nobody yet.")] string? Extractor,
    [Description("Its version.")] string? ExtractorVersion,
    [Description("The language model that was asked; null: none.")] string? Model,
    [Description("Facts it was recorded as, or confirms, in the order in which they were found.")] Guid[] FactIds,
    [Description("How much was found and not recorded, or why nothing was looked for."), Range(0, 100)] int SetAsideCount,
    [Description("The reasons, a sentence each.")] string[] SetAside,
    [Description("When it was queued.")] DateTimeOffset CreatedAt,
    [Description("When that changed last.")] DateTimeOffset UpdatedAt)
{
    public static IReadOnlyList<string> States => PromotionNames.States;

    public static PromotionView Of(PromotionRecord promotion) => new(
        promotion.EventId,
        promotion.ClientId,
        PromotionNames.Of(promotion.State),
        promotion.Attempts,
        promotion.NextAttemptAt,
        promotion.LastError,
        promotion.Extractor,
        promotion.ExtractorVersion,
        promotion.Model,
        [.. promotion.FactIds],
        promotion.SetAside.Length,
        [.. promotion.SetAside],
        promotion.CreatedAt,
        promotion.UpdatedAt);
}

[Description("One page of promotions.")]
internal sealed record PromotionList(
    [Description("The newest memory first.")] PromotionView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);
