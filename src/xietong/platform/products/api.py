"""The catalogue for programs."""

from decimal import Decimal
from typing import Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from . import queries
from .models import Group, Product

router = Router(tags=["products"])


class GroupOut(Schema):
    code: str
    name_en: str
    name_zh: str


class ProductOut(Schema):
    code: str
    name_en: str
    name_zh: str
    group: GroupOut
    unit_en: str
    unit_zh: str
    storable: bool
    loss: Decimal
    mode: str
    quota: int | None
    tier: str
    orderable: bool


class ProductsOut(Schema):
    count: int
    pages: int
    items: list[ProductOut]


@router.get("/", response=ProductsOut, operation_id="list_products", summary="Search the catalogue")
def list_products(
    request: HttpRequest,
    search: str = "",
    group: str = "",
    mode: str = "",
    order: Literal["name", "group", "code"] = "name",
    page: int = 1,
    orderable: bool | None = None,
) -> ProductsOut:
    """A page of products. `search` takes English words, Chinese or pinyin."""
    found = queries.catalogue(search, group, mode, order, page, orderable=orderable)
    return ProductsOut(
        count=found.paginator.count,
        pages=found.paginator.num_pages,
        items=[ProductOut.from_orm(product) for product in found],
    )


@router.get("/groups", response=list[GroupOut], operation_id="list_groups", summary="Shelves")
def list_groups(request: HttpRequest) -> list[Group]:
    """The shelves of the catalogue that hold something to order."""
    return queries.groups()


@router.get("/{code}", response=ProductOut, operation_id="get_product", summary="One product")
def get_product(request: HttpRequest, code: str) -> Product:
    """One product by its code."""
    return get_object_or_404(Product.objects.select_related("group"), code=code)
