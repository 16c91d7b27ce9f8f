using System.Collections.Immutable;
using Actors.Retention;

namespace Actors.Facts;

/// <summary>A <see cref="FactWrite"/> with its times: what a commit writes, and what is believed after it.</summary>
/// <param name="Write">What the subject decided.</param>
/// <param name="Before">The belief that ends, or is confirmed.</param>
/// <param name="After">The belief in its place.</param>
/// <param name="Added">The new fact.</param>
/// <param name="Instant">The commit's transaction time.</param>
internal sealed record FactChange(FactWrite Write, FactRecord? Before, FactRecord? After, FactRecord? Added, DateTimeOffset Instant)
{
    /// <summary>What the writer is told.</summary>
    public FactAnswer Answer => new(Added ?? After ?? Before!, Added is null ? null : After);

    /// <summary>Puts the instant of the commit into a write.</summary>
    /// <param name="write">The write.</param>
    /// <param name="instant">The commit's transaction time, not before <see cref="FactWrite.NotBefore"/>.</param>
    public static FactChange At(FactWrite write, DateTimeOffset instant)
    {
        var after = write.After is { } a ? a with { RecordedAt = instant } : null;
        var added = write.Added is { } n ? n with { CreatedAt = instant, RecordedAt = instant } : null;
        if (write.BeginsAtR)
        {
            after = after is null ? null : after with { ValidTo = instant };
            added = added! with { ValidFrom = instant };
        }

        var before = write.Operation == FactOperation.Confirm || write.Before is null ? write.Before : write.Before with { RetractedAt = instant };
        return new FactChange(write, before, after, added, instant);
    }
}

/// <summary>What is known about a subject when its grain starts.</summary>
/// <param name="Facts">Facts that hold or are planned, and the latest of those that ended.</param>
/// <param name="LatestTime">The latest instant at which anything of the subject was recorded, or began; null: nothing was.</param>
/// <param name="HasNode">Whether the entity graph knows the subject.</param>
internal sealed record SubjectSnapshot(ImmutableArray<FactRecord> Facts, DateTimeOffset? LatestTime, bool HasNode);

/// <summary>Beliefs that ended, oldest first.</summary>
/// <param name="Beliefs">The beliefs, each with its end.</param>
/// <param name="IsComplete">False: there are more than the limit, and these are the newest.</param>
internal sealed record FactVersions(ImmutableArray<FactRecord> Beliefs, bool IsComplete);

/// <summary>What became of the shared facts since a version.</summary>
/// <param name="Version">The version after these changes.</param>
/// <param name="Horizon">How far their past reaches then.</param>
/// <param name="Written">Facts as they are now.</param>
/// <param name="Removed">Facts that are gone.</param>
/// <param name="AreAll">Whether these are all shared facts there are, and whatever else is known is gone.</param>
internal sealed record SharedFactChanges(
    long Version, RetentionHorizon Horizon, ImmutableArray<FactRecord> Written, ImmutableArray<Guid> Removed, bool AreAll);
