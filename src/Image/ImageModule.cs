using Microsoft.Extensions.DependencyInjection;
using Xiangyun.Fleet.Public;
using Xiangyun.Image.Data;
using Xiangyun.Image.Images;
using Xiangyun.Image.Imports;
using Xiangyun.Image.Members;
using Xiangyun.Image.Metadefs;
using Xiangyun.Image.Public;
using Xiangyun.Image.Schemas;
using Xiangyun.Reconcile;
using Xiangyun.Wire;

namespace Xiangyun.Image;

/// <summary>The only thing of this module that the server sees.</summary>
public static class ImageModule
{
    public static IServiceCollection AddImage(this IServiceCollection services, ImageOptions options) => services
        .AddSingleton(options)
        .AddSingleton<ImageFiles>()
        .AddSingleton<Filling>()
        .AddSingleton<IImages, ImagesFace>()
        .AddSingleton<IImageSource, ImageSource>()
        .AddSingleton<WebSource>()
        .AddSingleton<ImportRun>()
        .AddReconciler<ImageReconciler>()
        .AddReconciler<ImportReconciler>()
        .AddSingleton<Store.Belongings.IBelongings, Images.ImageBelongings>()
        .AddSingleton<Store.Recycling.IRecycled, ImageRecycling>()
        .AddSingleton<Store.Alarms.IAlarmSource, Operations.ImageAlarms>()
        .AddSingleton<Store.Tasks.ITaskSource, Operations.ImageTasks>()
        .AddApi<ImportApi>()
        .AddApi<TaskApi>()
        .AddApi<SchemaApi>()
        .AddApi<InfoApi>()
        .AddApi<ImageApi>()
        .AddApi<DataApi>()
        .AddApi<MemberApi>()
        .AddApi<NamespaceApi>()
        .AddApi<EntryApi>()
        .AddApi<TagListApi>()
        .AddApi<ResourceTypeApi>()
        .AddApi<MetadefSchemaApi>();
}
