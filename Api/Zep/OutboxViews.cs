using System.ComponentModel;
using Actors.OpenApi;

namespace Actors.Zep;

[Description("Something that is to be brought up to date outside: which, not what it holds.")]
internal sealed record OutboxView(
    [Description("Its id.")] Guid OutboxId,
    [Description("Where: `zep`."), ValuesOf(typeof(OutboxView), nameof(OutboxView.Destinations))] string Destination,
    [Description("Whose it is.")] string ClientId,
    [Description("`event` and `fact`: as it is now, or away when it has gone; `erasure`: all of a client that was erased."), ValuesOf(typeof(OutboxNames), nameof(OutboxNames.Kinds))] string Kind,
    [Description("Id of the event or fact; null: it is the client as a whole.")] Guid? MemoryId,
    [Description("`waiting`: it is sent as soon as it can be. `failed`: it was refused too often, and is tried only when somebody asks for it."), ValuesOf(typeof(OutboxNames), nameof(OutboxNames.States))] string State,
    [Description("How often it was refused; outages do not count.")] int Attempts,
    [Description("When it is tried again; null: as soon as it can be, or not by itself.")] DateTimeOffset? NextAttemptAt,
    [Description("What was said the last time, without what was sent; null: it was not refused.")] string? LastError,
    [Description("Since when it is set aside; null: it waits.")] DateTimeOffset? FailedAt,
    [Description("Since when it is there.")] DateTimeOffset CreatedAt)
{
    public static IReadOnlyList<string> Destinations { get; } = ["zep"];

    public static OutboxView Of(OutboxRecord row) => new(
        row.Id, Destinations[0], row.ClientId, OutboxNames.Of(row.Kind), row.MemoryId, row.FailedAt is null ? OutboxNames.Waiting : OutboxNames.Failed,
        row.Attempts, row.NextAttemptAt, row.LastError, row.FailedAt, row.CreatedAt);
}

[Description("One page of the outbox.")]
internal sealed record OutboxList(
    [Description("Newest first.")] OutboxView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);
