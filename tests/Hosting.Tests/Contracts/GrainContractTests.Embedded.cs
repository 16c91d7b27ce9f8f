using System.Collections.Immutable;
using System.Reflection;
using Actors.Sessions;
using Actors.Storage;

namespace Actors.Hosting.Tests.Contracts;

/// <summary>First our own contract, then the proof that each kind of fault would be found.</summary>
public sealed class GrainContractTests
{
    private interface ICarries<T>
    {
        [Alias("Do")]
        Task DoAsync(T argument);
    }

    [Fact]
    public void our_grain_interfaces_keep_the_contract()
    {
        var assembly = typeof(ISessionGrain).Assembly;

        Assert.NotEmpty(GrainContract.InterfacesOf(assembly));
        Assert.Empty(GrainContract.Faults(GrainContract.InterfacesOf(assembly), GrainContract.ExceptionsOf(assembly)));
    }

    [Fact]
    public void our_grain_classes_have_no_concurrency_attributes_on_their_methods() =>
        Assert.Empty(typeof(WriteGate).Assembly.GetTypes().Where(type => typeof(Grain).IsAssignableFrom(type)).SelectMany(GrainContract.ClassFaults));

    [Fact]
    public void our_grain_classes_have_a_grain_type_of_their_own()
    {
        var classes = typeof(WriteGate).Assembly.GetTypes().Where(type => typeof(Grain).IsAssignableFrom(type) && !type.IsAbstract).ToList();

        Assert.NotEmpty(classes);
        Assert.All(classes, grain => Assert.NotNull(grain.GetCustomAttribute<GrainTypeAttribute>()));
    }

    [Fact]
    public void a_contract_without_fault_passes() =>
        Assert.Empty(GrainContract.Faults([typeof(IGoodContract)], [typeof(GoodException)]));

    [Theory]
    [InlineData(typeof(HasSetter), "HasSetter.Text has a setter.")]
    [InlineData(typeof(HasField), "HasField.Number is a field that can be written.")]
    [InlineData(typeof(IsUnsealed), "IsUnsealed is neither sealed nor abstract: an unknown derived type could be sent in its place.")]
    [InlineData(typeof(HasList), "List<String> is the member Items of HasList; it is mutable, or does not cross.")]
    [InlineData(typeof(HasDictionary), "Dictionary<String, Int32> is the member Items of HasDictionary; it is mutable, or does not cross.")]
    [InlineData(typeof(HasArray), "String[] is the member Items of HasArray; it is mutable, or does not cross.")]
    [InlineData(typeof(HasCollectionInterface), "IReadOnlyList<String> is the member Items of HasCollectionInterface; it is mutable, or does not cross.")]
    [InlineData(typeof(HasJsonElement), "JsonElement is the member Json of HasJsonElement; it is mutable, or does not cross.")]
    [InlineData(typeof(LacksSerializer), "LacksSerializer lacks [GenerateSerializer]; it is the argument argument of ICarries`1.DoAsync.")]
    [InlineData(typeof(LacksAlias), "LacksAlias lacks [Alias]; it is the argument argument of ICarries`1.DoAsync.")]
    [InlineData(typeof(LacksImmutable), "LacksImmutable lacks [Immutable]; it is the argument argument of ICarries`1.DoAsync.")]
    [InlineData(typeof(LacksId), "LacksId.Number lacks [Id].")]
    [InlineData(typeof(RepeatsId), "RepeatsId.Second has the [Id] 0 of First.")]
    [InlineData(typeof(HidesABadOne), "HasSetter.Text has a setter.")]
    [InlineData(typeof(Wrapped<HasSetter>), "HasSetter.Text has a setter.")]
    [InlineData(typeof(ImmutableArray<HasSetter>), "HasSetter.Text has a setter.")]
    [InlineData(typeof(HasABadDerivedOne), "Int32[] is the member Numbers of BadDerived; it is mutable, or does not cross.")]
    public void an_argument_with_a_fault_is_found(Type argument, string fault) =>
        Assert.Contains(fault, GrainContract.Faults([typeof(ICarries<>).MakeGenericType(argument)], []));

    [Fact]
    public void a_result_with_a_fault_is_found() =>
        Assert.Contains("HasSetter.Text has a setter.", GrainContract.Faults([typeof(IGives)], []));

    [Fact]
    public void two_types_with_one_alias_are_found() =>
        Assert.Contains(
            "GoodInner and RepeatsAlias have the same alias good.inner.",
            GrainContract.Faults([typeof(ICarries<GoodInner>), typeof(ICarries<RepeatsAlias>)], []));

    [Theory]
    [InlineData("BadException lacks [GenerateSerializer]; it is a declared exception.")]
    [InlineData("BadException.Field has a setter.")]
    [InlineData("BadException.Field lacks [Id].")]
    public void an_exception_with_a_fault_is_found(string fault) =>
        Assert.Contains(fault, GrainContract.Faults([], [typeof(BadException)]));

    [Theory]
    [InlineData(typeof(ILacksAlias), "ILacksAlias lacks [Alias].")]
    [InlineData(typeof(IMethodLacksAlias), "IMethodLacksAlias.DoAsync lacks [Alias].")]
    [InlineData(typeof(IRepeatsMethodAlias), "IRepeatsMethodAlias has the method alias Do twice.")]
    [InlineData(typeof(IReturnsVoid), "IReturnsVoid.Now returns Void and not Task, Task<T>, ValueTask or ValueTask<T>.")]
    [InlineData(typeof(IReturnsStream), "IReturnsStream.Stream returns IAsyncEnumerable`1 and not Task, Task<T>, ValueTask or ValueTask<T>.")]
    [InlineData(typeof(IHasGenericMethod), "IHasGenericMethod.DoAsync is generic.")]
    [InlineData(typeof(IHasRefParameter), "IHasRefParameter.DoAsync has a ref, in or out parameter.")]
    [InlineData(typeof(IIsInternal), "IIsInternal is not public.")]
    public void an_interface_with_a_fault_is_found(Type contract, string fault) =>
        Assert.Contains(fault, GrainContract.Faults([contract], []));

    [Fact]
    public void a_concurrency_attribute_on_a_class_method_is_found() =>
        Assert.Equal(
            ["AttributeOnClass.DoAsync has ReadOnlyAttribute, which belongs on the interface method."],
            GrainContract.ClassFaults(typeof(AttributeOnClass)));

    private interface IGives
    {
        [Alias("Give")]
        Task<HasSetter> GiveAsync();
    }
}
