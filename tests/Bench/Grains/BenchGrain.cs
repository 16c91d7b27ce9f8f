namespace Actors.Bench;

[GenerateSerializer, Immutable, Alias("bench.payload")]
public sealed record BenchPayload([property: Id(0)] string Text, [property: Id(1)] int Number);

[Alias("bench.grain")]
public interface IBenchGrain : IGrainWithStringKey
{
    [Alias("NoOp")]
    Task NoOpAsync();

    [Alias("Echo")]
    Task<BenchPayload> EchoAsync(BenchPayload payload);
}

[GrainType("bench")]
public sealed class BenchGrain : Grain, IBenchGrain
{
    public Task NoOpAsync() => Task.CompletedTask;

    public Task<BenchPayload> EchoAsync(BenchPayload payload) => Task.FromResult(payload with { Number = payload.Number + 1 });
}
