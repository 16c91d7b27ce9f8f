using System.Collections.Immutable;
using System.Text.Json;
using Orleans.Concurrency;

namespace Actors.Hosting.Tests.Contracts;

// One type per kind of fault, and one without any. Not grain interfaces: no host shall meet them.
#pragma warning disable CA1051, CA1711, CA1819, CA1002, CA2227

[GenerateSerializer, Immutable, Alias("good.inner")]
public sealed record GoodInner([property: Id(0)] string Text, [property: Id(1)] int? Number);

[GenerateSerializer, Alias("good.kind")]
public enum GoodKind
{
    First,
    Second,
}

[GenerateSerializer, Immutable, Alias("good.shape")]
public abstract record GoodShape([property: Id(0)] GoodKind Kind)
{
    public bool IsFirst => Kind == GoodKind.First;
}

[GenerateSerializer, Immutable, Alias("good.circle")]
public sealed record GoodCircle(GoodKind Kind, [property: Id(0)] ImmutableArray<GoodInner> Parts) : GoodShape(Kind);

[GenerateSerializer, Alias("good.error")]
public sealed class GoodException(string field) : Exception("message")
{
    [Id(0)]
    public string Field { get; } = field;
}

[Alias("good")]
public interface IGoodContract
{
    [Alias("Do")]
    Task<GoodShape> DoAsync(GoodInner inner, CancellationToken cancellationToken);

    [Alias("Tell"), AlwaysInterleave]
    ValueTask TellAsync(string text, DateTimeOffset at, ReadOnlyMemory<byte> bytes);
}

[GenerateSerializer, Alias("bad.setter")]
public sealed class HasSetter
{
    [Id(0)]
    public string Text { get; set; } = "";
}

[GenerateSerializer, Alias("bad.field")]
public sealed class HasField
{
    [Id(0)]
    public int Number;
}

[GenerateSerializer, Alias("bad.unsealed")]
public record IsUnsealed([property: Id(0)] int Number);

[GenerateSerializer, Alias("bad.list")]
public sealed record HasList([property: Id(0)] List<string> Items);

[GenerateSerializer, Alias("bad.dictionary")]
public sealed record HasDictionary([property: Id(0)] Dictionary<string, int> Items);

[GenerateSerializer, Alias("bad.array")]
public sealed record HasArray([property: Id(0)] string[] Items);

[GenerateSerializer, Alias("bad.interface")]
public sealed record HasCollectionInterface([property: Id(0)] IReadOnlyList<string> Items);

[GenerateSerializer, Alias("bad.json")]
public sealed record HasJsonElement([property: Id(0)] JsonElement Json);

[Alias("bad.unserializable")]
public sealed record LacksSerializer([property: Id(0)] int Number);

[GenerateSerializer]
public sealed record LacksAlias([property: Id(0)] int Number);

[GenerateSerializer, Alias("bad.copied")]
public sealed record LacksImmutable([property: Id(0)] int Number);

[GenerateSerializer, Alias("bad.noid")]
public sealed record LacksId(int Number);

[GenerateSerializer, Alias("bad.sameid")]
public sealed record RepeatsId([property: Id(0)] int First, [property: Id(0)] int Second);

[GenerateSerializer, Alias("good.inner")]
public sealed record RepeatsAlias([property: Id(0)] int Number);

[GenerateSerializer, Alias("bad.nested")]
public sealed record HidesABadOne([property: Id(0)] ImmutableDictionary<string, ImmutableArray<HasSetter>> Deep);

[GenerateSerializer, Alias("bad.generic")]
public sealed record Wrapped<T>([property: Id(0)] T Value);

[GenerateSerializer, Alias("bad.base")]
public abstract record HasABadDerivedOne([property: Id(0)] int Number);

[GenerateSerializer, Alias("bad.derived")]
public sealed record BadDerived(int Number, [property: Id(0)] int[] Numbers) : HasABadDerivedOne(Number);

[Alias("bad.exception")]
public sealed class BadException : Exception
{
    public string Field { get; set; } = "";
}

public interface ILacksAlias
{
    [Alias("Do")]
    Task DoAsync();
}

[Alias("bad.method")]
public interface IMethodLacksAlias
{
    Task DoAsync();
}

[Alias("bad.methods")]
public interface IRepeatsMethodAlias
{
    [Alias("Do")]
    Task FirstAsync();

    [Alias("Do")]
    Task SecondAsync();
}

[Alias("bad.void")]
public interface IReturnsVoid
{
    [Alias("Do")]
    void Now();
}

[Alias("bad.stream")]
public interface IReturnsStream
{
    [Alias("Do")]
    IAsyncEnumerable<int> Stream();
}

[Alias("bad.genericmethod")]
public interface IHasGenericMethod
{
    [Alias("Do")]
    Task DoAsync<T>();
}

[Alias("bad.ref")]
public interface IHasRefParameter
{
    [Alias("Do")]
    Task DoAsync(in int number);
}

[Alias("bad.internal")]
internal interface IIsInternal
{
    [Alias("Do")]
    Task DoAsync();
}

public class AttributeOnClass
{
    [ReadOnly]
    public virtual Task DoAsync() => Task.CompletedTask;
}
