using Actors.Hosting.Tests.Grains;
using Actors.Sessions;

namespace Actors.Hosting.Tests.Contracts;

/// <summary>The exceptions of the contract, each in one sample that is the same wherever it is made.</summary>
internal static class WireExceptions
{
    public static IEnumerable<Type> Types => GrainContract.ExceptionsOf(typeof(ISessionGrain).Assembly).Where(type => !type.IsAbstract);

    public static Exception Sample(string type) => (Exception)new WireSample(isSparse: false).Make(Types.Single(known => known.FullName == type));
}

/// <summary>What a grain throws, as its callers see it: a grain on the other silo, and through it a client.</summary>
public sealed class WireExceptionTests(ActorHostFixture host) : IClassFixture<ActorHostFixture>
{
    public static TheoryData<string> Types => [.. WireExceptions.Types.Select(type => type.FullName!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task an_exception_crosses_silos_with_its_type_and_fields(string type)
    {
        var near = Stage.NewKey();
        var far = await KeyOnAnotherSiloAsync(await host.Grains.GetGrain<ICrossingGrain>(near).SiloAsync());
        var thrown = WireExceptions.Sample(type);

        var arrived = await Assert.ThrowsAnyAsync<Exception>(() => host.Grains.GetGrain<ICrossingGrain>(near).ThrowThereAsync(far, type));

        Assert.IsType(thrown.GetType(), arrived);
        Assert.Equal(WireSample.Describe(thrown), WireSample.Describe(arrived));
    }

    private async Task<string> KeyOnAnotherSiloAsync(string silo)
    {
        // Grains of the class are placed at random.
        string key;
        do
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            key = Stage.NewKey();
        }
        while (await host.Grains.GetGrain<ICrossingGrain>(key).SiloAsync() == silo);

        return key;
    }
}
