using System.Collections.Immutable;

namespace Actors.Storage;

/// <summary>The versions of a row that a write is meant for. A version is the time the row was changed last, by whomever.</summary>
/// <param name="UpdatedAt">The versions, with microsecond precision; none: the write is meant for no version there is.</param>
[GenerateSerializer, Immutable, Alias("ExpectedVersions")]
public sealed record ExpectedVersions([property: Id(0)] ImmutableArray<DateTimeOffset> UpdatedAt)
{
    /// <summary>To be asked in the transaction that writes, of the row it has locked.</summary>
    /// <param name="updatedAt">The row's version.</param>
    /// <exception cref="VersionMismatchException">It is none of these.</exception>
    public void Ensure(DateTimeOffset updatedAt)
    {
        if (!UpdatedAt.Contains(updatedAt))
        {
            throw new VersionMismatchException();
        }
    }
}
