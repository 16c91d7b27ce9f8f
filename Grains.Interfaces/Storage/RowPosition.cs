namespace Actors.Storage;

/// <summary>A place in a list of rows by age: that of the row with this time and id.</summary>
/// <remarks>It crosses silos under the name it had when only events were listed like this.</remarks>
/// <param name="CreatedAt">When the row was made.</param>
/// <param name="Id">Its id.</param>
[GenerateSerializer, Immutable, Alias("EventPosition")]
public sealed record RowPosition([property: Id(0)] DateTimeOffset CreatedAt, [property: Id(1)] Guid Id);
