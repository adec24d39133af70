# syntax=docker/dockerfile:1

# One image for each host: docker build --build-arg PROJECT=DiffusionMesh.Denoiser .
# With --build-arg PROCESSOR=cuda it holds the CUDA libraries and runs on NVIDIA GPUs as well.
ARG DOTNET_VERSION=10.0
ARG PROCESSOR=cpu
# Of the major version that the GPU package of ONNX Runtime is built for, with cuDNN.
ARG CUDA_IMAGE=nvidia/cuda:13.0.1-cudnn-runtime-ubuntu24.04

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION} AS build
ARG PROJECT
WORKDIR /source
COPY Directory.Build.props Directory.Build.targets Directory.Packages.props global.json .editorconfig ./
COPY protos/ protos/
COPY models/ models/
COPY services/ services/
ENV NUGET_PACKAGES=/packages
RUN --mount=type=cache,target=/packages \
    dotnet publish "services/${PROJECT}" --configuration Release -p:UpstreamFeed=true --output /app \
    && ln -s "${PROJECT}" /app/host

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET_VERSION} AS runtime-cpu

FROM ${CUDA_IMAGE} AS runtime-cuda
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libicu74 libssl3t64 tzdata \
    && rm -rf /var/lib/apt/lists/*
COPY --from=runtime-cpu /usr/share/dotnet /usr/share/dotnet
ENV DOTNET_ROOT=/usr/share/dotnet

FROM runtime-${PROCESSOR}
WORKDIR /app
COPY --from=build /app .
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
USER 1654:1654
ENTRYPOINT ["/app/host"]
