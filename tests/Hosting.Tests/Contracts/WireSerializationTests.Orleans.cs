using Actors.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Actors.Hosting.Tests.Contracts;

/// <summary>What one silo sends another one gets, member by member: Orleans' own serializer over every type of the contract.</summary>
public sealed class WireSerializationTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    /// <summary>Every type of the contract that can be made; of abstract ones those derived from it are.</summary>
    public static TheoryData<Type> Types => [.. GrainContract.WireTypesOf(typeof(ISessionGrain).Assembly).Where(type => !type.IsAbstract).OrderBy(type => type.Name)];

    public static TheoryData<Type> Enumerations => [.. GrainContract.WireTypesOf(typeof(ISessionGrain).Assembly).Where(type => type.IsEnum)];

    public void Dispose() => _services.Dispose();

    [Fact]
    public void the_contract_has_types_of_every_kind()
    {
        var types = GrainContract.WireTypesOf(typeof(ISessionGrain).Assembly).ToList();
        Assert.Contains(types, type => type.IsEnum);
        Assert.Contains(types, type => typeof(Exception).IsAssignableFrom(type));
        Assert.True(types.Count > 50, $"{types.Count} types");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void a_value_with_all_its_members_arrives_whole(Type type) => AssertArrives(new WireSample(isSparse: false).Make(type));

    [Theory]
    [MemberData(nameof(Types))]
    public void a_value_without_what_may_be_missing_arrives_without_it(Type type) => AssertArrives(new WireSample(isSparse: true).Make(type));

    [Theory]
    [MemberData(nameof(Enumerations))]
    public void every_value_of_an_enumeration_arrives(Type type) => Assert.All(Enum.GetValues(type).Cast<object>(), AssertArrives);

    private void AssertArrives(object sent)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        var arrived = serializer.Deserialize<object>(serializer.SerializeToArray<object>(sent));
        Assert.IsType(sent.GetType(), arrived);
        Assert.NotSame(sent, arrived);
        Assert.Equal(WireSample.Describe(sent), WireSample.Describe(arrived));
    }
}
