using Actors.Hosting.Tests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;

namespace Actors.Hosting.Tests.Grains;

/// <summary>Throws what the contract has, to a caller that may be on another silo.</summary>
[Alias("test.crossing")]
public interface ICrossingGrain : IGrainWithStringKey
{
    [Alias("Silo")]
    Task<string> SiloAsync();

    [Alias("Throw")]
    Task ThrowAsync(string exceptionType);

    [Alias("ThrowThere")]
    Task ThrowThereAsync(string otherGrain, string exceptionType);
}

[GrainType("test-crossing"), RandomPlacement]
public sealed class CrossingGrain : Grain, ICrossingGrain
{
    public Task<string> SiloAsync() => Task.FromResult(ServiceProvider.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToString());

    public Task ThrowAsync(string exceptionType) => throw WireExceptions.Sample(exceptionType);

    public Task ThrowThereAsync(string otherGrain, string exceptionType) => GrainFactory.GetGrain<ICrossingGrain>(otherGrain).ThrowAsync(exceptionType);
}
